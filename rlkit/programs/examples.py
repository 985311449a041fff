"""Example inputs, on which backends are compared before one of them is used."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.spaces import Array, Discrete
from rlkit.contracts.tensor import TensorSpec

_COUNTS = (0, 1, 2, 7, 8, 99, 100, 999, 1000, 9_999, 10_000, 25_000_000)
"""On both sides of the numbers at which rules tend to switch: every 100 updates, after 10,000 steps; and a long run."""
_WHOLE = 2**53
"""Up to which float64 has every integer."""
_BOUND = 1e6
"""Observations are not put at bounds beyond it: sums of their products would overflow or cancel."""


def example_progress(turn: int) -> npt.NDArray[np.int64]:
    """(step, episode, update, total) for round k."""
    count = _COUNTS[turn % len(_COUNTS)]
    return np.array((4 * count, count // 10, count, 400_000), np.int64)


def example_array(
    space: Array | Discrete, shape: tuple[int, ...], rng: np.random.Generator, turn: int = 0
) -> npt.NDArray[Any]:
    """Values that a space allows, of both signs where it has them: any shape, the space's dtype; see `with_ends`."""
    if isinstance(space, Discrete):
        return with_ends(rng.integers(0, space.n, shape).astype(np.int32), 0, space.n - 1, rng, turn)
    if space.parts:
        rows = shape[:-1]
        parts = (example_array(part, (*rows, *part.shape), rng, turn) for _, part in space.parts)
        return np.concatenate([part.reshape((*rows, -1)) for part in parts], axis=-1, dtype=space.dtype)
    dtype = np.dtype(space.dtype)
    if dtype.kind == "b":
        return rng.random(shape) < 0.5
    low, high = space.bounds()
    if dtype.kind == "f":
        values = (2.0 * rng.normal(size=shape)).clip(low, high).astype(dtype)
        nearest = np.zeros(1).clip(low, high)
        low, high = (np.where(abs(end) <= _BOUND, end, nearest) for end in (low, high))
    else:
        limits = np.iinfo(dtype)
        low, high = low.clip(max(limits.min, -_WHOLE), None), high.clip(None, min(limits.max, _WHOLE))
        values = rng.integers(low.astype(np.int64), high.astype(np.int64), shape, endpoint=True).astype(dtype)
    # Never all of them: with equal rows a batch says little.
    return _mixed(values, low, high, rng) if turn % _PERIOD in (_LOWEST, _HIGHEST, _BOTH) else values


def example_allowed(shape: tuple[int, ...], rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Masks (…, n), one action of each allowed at least."""
    allowed = rng.random(shape) < 0.5
    allowed[..., 0] |= ~allowed.any(axis=-1)
    return allowed


def example_valid(shape: tuple[int, ...], before: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """(B, T), for rows with so many steps before: valid in one stretch around the row's own first step."""
    rows, length = shape
    place = np.arange(length) - before
    behind, ahead = (
        rng.integers(0, before, (rows, 1), endpoint=True),
        rng.integers(1, length - before, (rows, 1), endpoint=True),
    )
    return (-behind <= place) & (place < ahead)


def example_noise(spec: TensorSpec, rng: np.random.Generator, turn: int = 0) -> npt.NDArray[Any]:
    """`uniforms` in [0, 1) or `integers` below 2³²; see `with_ends`."""
    shape = tuple(spec.shape)
    if spec.name == "uniforms":
        return with_ends(rng.random(shape, np.float32), 0.0, 1.0 - 2.0**-24, rng, turn)
    return with_ends(rng.integers(0, 2**32, shape, np.int64), 0, 2**32 - 1, rng, turn)


def example_slots(count: int, stored: int, rng: np.random.Generator, turn: int) -> npt.NDArray[np.int64]:
    """(count,) of the first `stored` slots, as a sample has them: some twice, all the same, all the first or last."""
    slots = rng.integers(0, stored, count, np.int64)
    if turn % 3 == 1:
        slots[:] = slots[:1]
    return with_ends(slots, 0, stored - 1, rng, turn)


def example_priorities(count: int, rng: np.random.Generator, turn: int) -> npt.NDArray[np.float32]:
    """(count,) float32: ordinary, and from round 4 on also 0, tiny and, from round 8 on, huge."""
    priorities = 2.0 * rng.random(count)
    if turn >= 4:
        extremes = (0.0, 1e-6) if turn < 8 else (0.0, 1e-6, 1e6)
        priorities = np.where(rng.random(count) < 0.5, rng.choice(extremes, count), priorities)
    return priorities.astype(np.float32)


def example_any(spec: TensorSpec, rng: np.random.Generator) -> npt.NDArray[Any]:
    """For inputs of no known space: normal floats, booleans of both kinds, zeros and ones."""
    shape, dtype = tuple(spec.shape), np.dtype(spec.dtype.as_numpy_dtype)
    return rng.normal(size=shape).astype(dtype) if dtype.kind == "f" else rng.integers(0, 2, shape).astype(dtype)


_PERIOD, _LOWEST, _HIGHEST, _BOTH = 6, 2, 4, 5
"""Rounds at the ends of what is allowed; rounds 0, 1 and 3 of six are drawn without regard to them."""


def with_ends(
    values: npt.NDArray[Any], low: float, high: float, rng: np.random.Generator, turn: int
) -> npt.NDArray[Any]:
    """The values, all lowest, all highest, or half of them at the one or the other end: by the round."""
    if turn % _PERIOD in (_LOWEST, _HIGHEST):
        return np.full_like(values, low if turn % _PERIOD == _LOWEST else high)
    return _mixed(values, low, high, rng) if turn % _PERIOD == _BOTH else values


def _mixed(values: npt.NDArray[Any], low: Any, high: Any, rng: np.random.Generator) -> npt.NDArray[Any]:
    where = rng.integers(0, 4, values.shape)
    mixed: npt.NDArray[Any] = np.select([where == 0, where == 1], [low, high], values).astype(values.dtype)
    return mixed
