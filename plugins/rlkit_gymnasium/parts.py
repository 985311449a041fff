"""Observations of several parts, and discrete ones, as one vector: each part is checked as a whole one is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Space, Tuple

from rlkit import Array

_SMALL = ("uint8", "bool")


class _Writer(Protocol):
    def __call__(self, value: Any, vector: npt.NDArray[Any]) -> None:
        """Write a part's value into its place (n,) of the vector. Raises ValueError for what its space has not."""


class Part(NamedTuple):
    """A part that has no parts."""

    key: str
    """`screen`; `robot/arm` within a Dict, `0` within a Tuple; empty for an observation that has no parts."""
    array: Array
    """Shape, dtype and bounds of what is written."""
    alone: str
    """The vector's dtype if all parts say the same, else it is float32."""
    write: _Writer


class PartsBox(Box):
    """The space of vectors that consist of parts."""

    def __init__(self, parts: list[Part], dtype: str) -> None:
        bounds = [part.array.bounds() for part in parts]
        with np.errstate(over="ignore"):  # bounds beyond float32's range become infinite
            low, high = (np.concatenate([bound[k].reshape(-1) for bound in bounds]).astype(dtype) for k in (0, 1))
        super().__init__(low, high, dtype=np.dtype(dtype).type)
        self.parts = tuple((part.key, part.array) for part in parts if part.key)
        """See `rlkit.Array.parts`."""


class Vectors:
    """From observations of a space to vectors of their parts, written one after the other."""

    def __init__(self, space: Space[Any]) -> None:
        """Raises ValueError for text and other parts that have no fixed number of values."""
        self._tree = space
        parts = list(_parts(space, ""))
        dtypes = {part.alone for part in parts}
        dtype = dtypes.pop() if len(dtypes) == 1 else "float32"
        self.space = PartsBox(parts, dtype)
        ends = np.cumsum([math.prod(part.array.shape) for part in parts]).tolist()
        self._writers = [(part, slice(begin, end)) for part, begin, end in zip(parts, [0, *ends], ends, strict=False)]
        self._shape, self._dtype = self.space.shape, self.space.dtype

    def __call__(self, observation: Any) -> npt.NDArray[Any]:
        """(n,). Raises ValueError for a part that its space does not have, named by its key."""
        vector: npt.NDArray[Any] = np.zeros(self._shape, self._dtype)
        values = list(_values(self._tree, observation, ""))
        with np.errstate(over="ignore", invalid="ignore"):  # what float32 does not hold is told as infinite
            for (part, place), value in zip(self._writers, values, strict=True):
                try:
                    part.write(value, vector[place])
                except ValueError as error:
                    raise ValueError(f"{_named(part.key)} is {error}") from None
        return vector


def _parts(space: Space[Any], key: str) -> Iterator[Part]:
    match space:
        case Dict() | Tuple():
            for inner, part in _inner(space):
                yield from _parts(part, f"{key}/{inner}" if key else str(inner))
        case Box():
            yield _box(space, key)
        case Discrete():
            yield _choices(np.array([int(space.n)]), np.array([int(space.start)]), (), key, f"{space}")
        case MultiDiscrete():
            yield _choices(space.nvec.reshape(-1), np.reshape(space.start, -1), space.nvec.shape, key, f"{space}")
        case MultiBinary():
            yield _bits(space, key)
        case _:
            raise ValueError(
                f"{_named(key)} is a {type(space).__name__}, which has no fixed number of values; "
                "leave it out with the wrapper keep_keys, or turn text into numbers with the wrapper words"
            )


def _inner(space: Dict | Tuple[Any]) -> list[tuple[Any, Space[Any]]]:
    return list(space.spaces.items()) if isinstance(space, Dict) else list(enumerate(space.spaces))


def _values(space: Space[Any], observation: Any, key: str) -> Iterator[Any]:
    """The values of the parts that have no parts. Raises ValueError for other keys or another number of parts."""
    if isinstance(space, Dict):
        if not isinstance(observation, dict) or observation.keys() != space.spaces.keys():
            found = f"the keys {list(observation)}" if isinstance(observation, dict) else type(observation).__name__
            raise ValueError(f"{_named(key)} has {found}; its space has {list(space.spaces)}")
    elif isinstance(space, Tuple):
        if not isinstance(observation, (tuple, list)) or len(observation) != len(space.spaces):
            found = f"{len(observation)}" if isinstance(observation, (tuple, list)) else type(observation).__name__
            raise ValueError(f"{_named(key)} has {found} parts; its space has {len(space.spaces)}")
    else:
        yield observation
        return
    for inner, part in _inner(space):
        yield from _values(part, observation[inner], f"{key}/{inner}" if key else str(inner))


def _named(key: str) -> str:
    return f"observation[{key!r}]" if key else "observation"


def _box(space: Box, key: str) -> Part:
    shape, own = space.shape, np.dtype(space.dtype)
    dtype = "float32" if own == np.float64 else str(own)
    low, high = (tuple(bound.reshape(-1).astype(float).tolist()) for bound in (space.low, space.high))
    limits: Any = np.iinfo(str(own)) if own.kind in "iu" else None

    def write(value: Any, vector: npt.NDArray[Any]) -> None:
        found = value if isinstance(value, np.ndarray) else np.asarray(value)
        if found.shape != shape:
            raise ValueError(f"of shape {found.shape}; its space says {shape}")
        if found.dtype != own and not (found.dtype.kind == own.kind or {found.dtype.kind, own.kind} <= set("iu")):
            raise ValueError(f"of dtype {found.dtype}; its space says {own}")
        if limits is not None and found.dtype != own and not ((found >= limits.min) & (found <= limits.max)).all():
            raise ValueError(f"{_shown(found)}, beyond {own}, which its space says")
        vector[:] = found.reshape(-1)

    return Part(key, Array(shape, dtype, low, high), dtype if dtype in _SMALL else "float32", write)


def _choices(sizes: npt.NDArray[Any], starts: npt.NDArray[Any], shape: tuple[int, ...], key: str, space: str) -> Part:
    """One-hot, one choice after the other."""
    total, offsets = int(sizes.sum()), np.concatenate([[0], np.cumsum(sizes)[:-1]])

    def write(value: Any, vector: npt.NDArray[Any]) -> None:
        found = np.asarray(value)
        if found.dtype.kind not in "iu" or found.shape not in (shape, shape or (1,)):
            raise ValueError(
                f"{_shown(value)}, no integer of {space}" if not shape else f"{_shown(value)}, no integers of {space}"
            )
        chosen = found.reshape(-1) - starts
        if (chosen < 0).any() or (chosen >= sizes).any():
            raise ValueError(f"{_shown(value)}, outside its space, {space}")
        vector[offsets + chosen] = 1

    return Part(key, Array((total,), "bool", 0.0, 1.0), "float32", write)


def _bits(space: MultiBinary, key: str) -> Part:
    def write(value: Any, vector: npt.NDArray[Any]) -> None:
        found = np.asarray(value)
        if found.shape != space.shape or not np.isin(found, (0, 1)).all():
            raise ValueError(f"{_shown(value)}, outside its space, {space}")
        vector[:] = found.reshape(-1)

    return Part(key, Array((math.prod(space.shape),), "bool", 0.0, 1.0), "float32", write)


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else f"{text[:77]}..."
