"""The ring of the compiled loop keeps and gathers what the stepwise loop's ring does."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf

from rlkit import Sampling
from rlkit.contracts.buffer import Columns
from rlkit.replay.graph_ring import GraphRing
from rlkit.replay.ring import Ring
from tests.replay.storing import store as put

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
    "extra_pixels": ((5,), "uint8"),
    "extra_clock": ((2,), "int64"),
    "extra_wide": ((), "float64"),
    "extra_small": ((3,), "int16"),
    "extra_half": ((2,), "float16"),
    "extra_flags": ((2,), "int8"),
}


def value(shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> npt.NDArray[Any]:
    kind = np.dtype(dtype).kind
    if kind == "b":
        return rng.random((1, *shape)) < 0.3
    if kind == "f":
        return (100 * rng.normal(size=(1, *shape))).astype(dtype)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return rng.integers(low, high, (1, *shape), np.dtype(dtype), endpoint=True)


@pytest.mark.parametrize("columns", [VECTORS, IMAGES], ids=["vectors", "images and other dtypes"])
@pytest.mark.parametrize(
    "sampling",
    [Sampling(1), Sampling(1, length=3), Sampling(1, length=2, before=3), Sampling(1, 3, 2, across_ends=True)],
)
@pytest.mark.parametrize("steps", [9, 31])
def test_it_agrees_with_the_hosts_ring(columns: Columns, sampling: Sampling, steps: int) -> None:
    capacity, rng = 13, np.random.default_rng(steps)
    packed, ring = GraphRing(capacity, columns), Ring(capacity, 1, columns)
    store = tf.function(packed.store, jit_compile=True)
    for step in range(steps):
        values = {name: value(shape, dtype, rng) for name, (shape, dtype) in columns.items()}
        put(ring, 1, *values.values())
        store(tf.constant(step, tf.int64), {name: tf.constant(value) for name, value in values.items()})
    slots, names = np.arange(ring.stored)[::-1].copy(), tuple(columns)

    @tf.function(jit_compile=True)
    def gather() -> Any:
        return packed.gather(tf.constant(slots), sampling, tf.constant(steps - 1, tf.int64), names)

    found, expected = gather(), ring.gather(slots, sampling, names)
    valid = found.valid.numpy()
    assert np.array_equal(valid, expected.valid)
    for name, (_, dtype) in columns.items():
        gathered = found.columns[name].numpy()
        assert gathered.dtype == np.dtype(dtype)
        assert np.array_equal(gathered[valid], expected.columns[name][valid]), name
    assert np.array_equal(packed.ended(tf.constant(slots)), ring.ended(slots))


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
