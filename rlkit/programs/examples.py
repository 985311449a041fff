"""Example inputs, on which backends are compared before one of them is used."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.spaces import Array, Discrete
from rlkit.contracts.tensor import TensorSpec

_COUNTS = (0, 1, 2, 3, 7, 8, 15, 16, 99, 100, 999, 1000, 9_999, 10_000, 99_999, 100_000)
"""On both sides of the numbers at which rules tend to switch: every 100 updates, after 10,000 steps."""
_AT_AN_END = 0.05
"""Share of examples that are the least or greatest value of their range."""
_WHOLE = 2**53
"""Up to which float64 has every integer."""


def example_progress(turn: int) -> npt.NDArray[np.int64]:
    """(step, episode, update, total) for round k."""
    count = _COUNTS[turn % len(_COUNTS)]
    return np.array((4 * count, count // 10, count, 400_000), np.int64)


def example_array(space: Array | Discrete, shape: tuple[int, ...], rng: np.random.Generator) -> npt.NDArray[Any]:
    """Values that a space allows, of both signs where it has them: any shape, the space's dtype."""
    if isinstance(space, Discrete):
        return rng.integers(0, space.n, shape).astype(np.int32)
    dtype, (low, high) = np.dtype(space.dtype), space.bounds()
    if dtype.kind == "f":
        return (2.0 * rng.normal(size=shape)).clip(low, high).astype(dtype)
    if dtype.kind == "b":
        return rng.random(shape) < 0.5
    limits = np.iinfo(dtype)
    least, most = low.clip(max(limits.min, -_WHOLE), None), high.clip(None, min(limits.max, _WHOLE))
    return rng.integers(least.astype(np.int64), most.astype(np.int64), shape, endpoint=True).astype(dtype)


def example_allowed(shape: tuple[int, ...], rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Masks (…, n), one action of each allowed at least."""
    allowed = rng.random(shape) < 0.5
    allowed[..., 0] |= ~allowed.any(axis=-1)
    return allowed


def example_slots(size: int, stored: int, rng: np.random.Generator, turn: int) -> npt.NDArray[np.int64]:
    """Slots that were selected: the first and the last of those stored, some twice, now and then all the same."""
    if turn % 4 == 3:
        return np.full(size, stored - 1, np.int64)
    slots = rng.integers(0, stored, size)
    slots[size // 2 :] = slots[: size - size // 2]
    slots[-1:], slots[:1] = stored - 1, 0
    return slots


def example_priority(size: int, rng: np.random.Generator, turn: int) -> npt.NDArray[np.float32]:
    """|TD errors| of usual size, some of them 0, tiny or huge."""
    priority = (2.0 * rng.random(size)).astype(np.float32)
    priority[:3] = (0.0, 1e-6, 1e4)[: len(priority[:3])]
    return np.roll(priority, turn)


def example_noise(spec: TensorSpec, rng: np.random.Generator) -> npt.NDArray[Any]:
    """`uniforms` in [0, 1) or `integers` below 2³², now and then the least and the greatest of them."""
    shape = tuple(spec.shape)
    drawn: npt.NDArray[Any]
    if spec.name == "uniforms":
        drawn, ends = rng.random(shape, np.float32), (0.0, 1.0 - 2.0**-24)
    else:
        drawn, ends = rng.integers(0, 2**32, shape, np.int64), (0, 2**32 - 1)
    at_end = rng.random(shape) < _AT_AN_END
    drawn[at_end] = rng.choice(np.array(ends, drawn.dtype), int(at_end.sum()))
    return drawn


def example_any(spec: TensorSpec, rng: np.random.Generator) -> npt.NDArray[Any]:
    """For inputs of no known space: normal floats, booleans of both kinds, zeros and ones."""
    shape, dtype = tuple(spec.shape), np.dtype(spec.dtype.as_numpy_dtype)
    return rng.normal(size=shape).astype(dtype) if dtype.kind == "f" else rng.integers(0, 2, shape).astype(dtype)
