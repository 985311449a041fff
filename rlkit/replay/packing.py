"""Observations of several parts as bytes: a picture in a Dict takes a byte a value, though the vector is float32."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.contracts.spaces import Array


class _Run(NamedTuple):
    """Neighbouring values of one dtype: in the vector, and in the bytes."""

    values: slice
    bytes: slice
    dtype: np.dtype[Any]


class Packing:
    """Between vectors (n,) of an observation's dtype and bytes in which each part has its own."""

    def __init__(self, observation: Array) -> None:
        """`observation` has parts; `size` is the number of bytes."""
        self._shape, self._dtype = observation.shape, np.dtype(observation.dtype)
        self._runs: list[_Run] = []
        place = self.size = 0
        for _, part in observation.parts:
            count, dtype = math.prod(part.shape), np.dtype(part.dtype)
            end = self.size + count * dtype.itemsize
            self._runs.append(_Run(slice(place, place + count), slice(self.size, end), dtype))
            place, self.size = place + count, end

    def pack(self, vector: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
        """(n,) to (size,)."""
        packed = np.empty(self.size, np.uint8)
        for values, places, dtype in self._runs:
            packed[places] = vector[values].astype(dtype).view(np.uint8)
        return packed

    def unpack(self, packed: npt.NDArray[np.uint8]) -> npt.NDArray[Any]:
        """(…, size) to (…, n)."""
        vectors = np.empty((*packed.shape[:-1], *self._shape), self._dtype)
        for values, places, dtype in self._runs:
            vectors[..., values] = np.ascontiguousarray(packed[..., places]).view(dtype)
        return vectors


def packing_of(observation: Array) -> Packing | None:
    """How to keep such observations, if their parts take less than the vector does."""
    if not observation.parts:
        return None
    packing = Packing(observation)
    vector = math.prod(observation.shape) * np.dtype(observation.dtype).itemsize
    return packing if packing.size < vector else None
