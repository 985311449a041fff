"""The ring of the compiled loop keeps and gathers what the stepwise loop's ring does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Sampling
from rlkit.contracts.buffer import Columns
from rlkit.replay.graph_ring import GraphRing
from rlkit.replay.ring import Ring
from tests.replay.reference import ReferenceRing, assert_windows, random_steps
from tests.replay.test_ring import SAMPLINGS

VECTORS: Columns = {
    "observation": ((4,), "float32"),
    "action": ((), "int32"),
    "reward": ((), "float32"),
    "terminated": ((), "bool"),
    "truncated": ((), "bool"),
    "next_observation": ((4,), "float32"),
}
IMAGES: Columns = {
    **VECTORS,
    "observation": ((3, 3, 2), "bool"),
    "next_observation": ((3, 3, 2), "bool"),
    "allowed": ((3,), "bool"),
    "next_allowed": ((3,), "bool"),
    "extra_pixels": ((5,), "uint8"),
    "extra_clock": ((2,), "int64"),
    "extra_wide": ((), "float64"),
    "extra_small": ((3,), "int16"),
    "extra_half": ((2,), "float16"),
    "extra_flags": ((2,), "int8"),
}


@pytest.mark.parametrize("columns", [VECTORS, IMAGES], ids=["vectors", "images and other dtypes"])
@pytest.mark.parametrize(("steps", "environments", "capacity"), [(9, 1, 13), (31, 1, 13), (4, 3, 15), (11, 3, 15)])
def test_windows_are_those_of_the_hosts_ring_and_of_the_plain_reference(
    columns: Columns, steps: int, environments: int, capacity: int
) -> None:
    rng = np.random.default_rng(steps)
    packed, ring = GraphRing(capacity, columns, environments), Ring(capacity, environments, columns)
    reference = ReferenceRing(capacity, environments)
    store = tf.function(packed.store, jit_compile=True)
    for step, values in enumerate(random_steps(columns, environments, steps, rng)):
        ring.store(*values)
        reference.store(columns, *values)
        stored = dict(zip(columns, map(tf.constant, values), strict=True))
        store(tf.constant(step * environments, tf.int64), stored)
    slots, names = rng.permutation(ring.stored), tuple(columns)

    @tf.function(jit_compile=True)
    def gather() -> list[Any]:
        newest = tf.constant(steps * environments - 1, tf.int64)
        return [packed.gather(tf.constant(slots), sampling, newest, names) for sampling in SAMPLINGS]

    for sampling, found in zip(SAMPLINGS, gather(), strict=True):
        gathered = {name: column.numpy() for name, column in found.columns.items()}
        valid, expected = found.valid.numpy(), ring.gather(slots, sampling, names)
        np.testing.assert_array_equal(valid, expected.valid)
        assert {name: column.dtype for name, column in gathered.items()} == {
            name: np.dtype(dtype) for name, (_, dtype) in columns.items()
        }
        assert_windows(reference, slots, sampling, valid, gathered)
    np.testing.assert_array_equal(packed.ended(tf.constant(slots)).numpy(), ring.ended(slots))


def test_numbers_come_back_bit_for_bit() -> None:
    odd = np.array([np.nan, -0.0, np.inf, 1e-42], np.float32)
    ring = GraphRing(2, {"observation": ((4,), "float32")})
    ring.store(tf.constant(0, tf.int64), {"observation": tf.constant(odd[None])})
    found = ring.gather(tf.constant([0], tf.int64), Sampling(1), tf.constant(0, tf.int64), ("observation",))
    assert found.columns["observation"].numpy().tobytes() == odd.tobytes()


def test_images_take_a_byte_a_pixel() -> None:
    ring = GraphRing(10, IMAGES)
    assert ring.bytes is not None
    assert ring.bytes.shape == (10, 18 + 18 + 5)
