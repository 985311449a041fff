from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array
from rlkit_dqn.explorations.simhash import SimHash
from tests.plugins.rlkit_dqn.words import call, noise


def begun(shape, dtype="float32", bits=5):
    made = SimHash(Array(shape, dtype), bits)
    made.begin(call(noise(0, 2 * int(np.prod(shape)) * bits)))
    return made


@pytest.mark.parametrize(("shape", "dtype"), [((3,), "float32"), ((2, 4, 3), "uint8"), ((), "float32"), ((6,), "bool")])
def test_a_cell_is_the_signs_of_projections_read_as_a_number(shape, dtype):
    hashed = begun(shape, dtype)
    rows = (np.random.default_rng(1).normal(size=(20, *shape)) * 3).astype(dtype)
    planes = hashed.planes.numpy()
    for row, found in zip(rows, hashed.cells(tf.constant(rows)).numpy(), strict=True):
        signs = [float(row.astype(np.float32).ravel() @ plane) >= 0 for plane in planes.T]
        assert found == sum(2**place for place, sign in enumerate(signs) if sign)


def test_length_means_nothing_and_near_directions_share_cells_more_often():
    hashed, rng = begun((8,), bits=4), np.random.default_rng(0)
    rows = rng.normal(size=(500, 8)).astype(np.float32)
    cells = hashed.cells(tf.constant(rows)).numpy()
    assert set(cells) == set(range(16))
    np.testing.assert_array_equal(hashed.cells(tf.constant(2 * rows)), cells)
    shares = [
        (
            hashed.cells(tf.constant(rows + spread * rng.normal(size=rows.shape).astype(np.float32))).numpy() == cells
        ).mean()
        for spread in (0.01, 0.3, 3.0)
    ]
    assert shares[0] > 0.95
    assert shares[0] > shares[1] > shares[2]


def test_planes_are_those_of_the_run_s_noise():
    hashed = begun((3,))
    assert (hashed.planes.numpy() != 0).all()
    other = SimHash(Array((3,), "float32"), 5)
    assert (other.cells(tf.random.normal((4, 3))).numpy() == 31).all()
    other.begin(call(noise(1, 30)))
    assert (other.planes.numpy() != hashed.planes.numpy()).any()
