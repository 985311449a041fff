"""A program's variables end to end: as few tensors as there are types, which is what bringing them to the host costs.

Between two episodes, with the processor's caches cold, a tensor a variable takes twice as long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.tensor import Tensor, Variable


class _Place(NamedTuple):
    """Where a variable's numbers stand among those of its type."""

    dtype: str
    start: int
    shape: tuple[int, ...]


class JoinedVariables:
    """The order in which some variables are packed."""

    def __init__(self, variables: Mapping[str, Variable]) -> None:
        self._variables = variables
        self._places = _places(variables)
        self.count = sum(math.prod(place.shape) for place in self._places.values())
        """Of their numbers."""

    def pack(self) -> dict[str, Tensor]:
        """Graph code: the variables as they are then, all of a type in one tensor of one dimension."""
        flat: dict[str, list[Tensor]] = {}
        for value in self._variables.values():
            flat.setdefault(value.dtype.name, []).append(tf.reshape(value, [-1]))
        return {dtype: tf.concat(values, 0) for dtype, values in flat.items()}

    def unpacked(self, packed: Mapping[str, Tensor]) -> Mapping[str, npt.NDArray[Any]]:
        """What `pack` returned, by variable; brought to the host when it is looked at."""
        return _Unpacked(self._places, packed)


class _Unpacked(Mapping[str, npt.NDArray[Any]]):
    """Variables as arrays."""

    def __init__(self, places: Mapping[str, _Place], packed: Mapping[str, Tensor]) -> None:
        self._places, self._packed = places, packed

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        dtype, start, shape = self._places[name]
        return np.asarray(self._packed[dtype])[start : start + math.prod(shape)].reshape(shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _places(variables: Mapping[str, Variable]) -> dict[str, _Place]:
    ends: dict[str, int] = {}
    places = {}
    for name, variable in variables.items():
        dtype, shape = variable.dtype.name, tuple(variable.shape)
        start = ends.get(dtype, 0)
        places[name], ends[dtype] = _Place(dtype, start, shape), start + math.prod(shape)
    return places
