"""Example inputs, on which backends are compared before one of them is used."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.spaces import Array, Discrete
from rlkit.contracts.tensor import TensorSpec

_COUNTS = (0, 1, 2, 3, 7, 8, 15, 16, 99, 100, 999, 1000, 9_999, 10_000, 99_999, 100_000)
"""On both sides of the numbers at which rules tend to switch: every 100 updates, after 10,000 steps."""
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


def example_noise(spec: TensorSpec, rng: np.random.Generator) -> npt.NDArray[Any]:
    """`uniforms` in [0, 1) or `integers` below 2³²."""
    shape = tuple(spec.shape)
    return rng.random(shape, np.float32) if spec.name == "uniforms" else rng.integers(0, 2**32, shape, np.int64)


def example_any(spec: TensorSpec, rng: np.random.Generator) -> npt.NDArray[Any]:
    """For inputs of no known space: normal floats, booleans of both kinds, zeros and ones."""
    shape, dtype = tuple(spec.shape), np.dtype(spec.dtype.as_numpy_dtype)
    return rng.normal(size=shape).astype(dtype) if dtype.kind == "f" else rng.integers(0, 2, shape).astype(dtype)
