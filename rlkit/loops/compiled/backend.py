"""The compiled loop's programs as a backend: weights that are read late, single calls as plain TensorFlow graphs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.tensor import Tensor, Variable
from rlkit.loops.backends.tensorflow import TensorFlowBackend
from rlkit.loops.compiled.policy import policy_model
from rlkit.loops.program import Program


class _Place(NamedTuple):
    """Where a variable's numbers stand among those of its type."""

    dtype: str
    start: int
    shape: tuple[int, ...]


class CompiledBackend(TensorFlowBackend):
    """The variables are the program's own: the compiled loop changes them, the host reads and writes them here."""

    def __init__(self, program: Program, *, debug: bool) -> None:
        """Raises UnreachableStateError if a function uses a variable that is not the program's."""
        super().__init__(program, "eager" if debug else "graph")
        if not debug:
            self.name = "xla"
        self._program = program
        self._places = _places(self._variables)
        # One call, and as few tensors as there are types: half the time of a tensor a variable, and between two
        # episodes, with the processor's caches cold, that is what the best weights cost.
        self._read_packed = tf.function(self._packed, autograph=False).get_concrete_function()

    def read(self) -> Mapping[str, npt.NDArray[Any]]:
        """See `Backend`. Values of this moment, brought to the host when they are looked at."""
        return _Kept(self._places, self._read_packed())

    def policy(self) -> bytes | None:
        """See `Backend`. Converted when it is first asked for, and not with `--debug`."""
        return None if self.name == "eager" else self._policy

    @cached_property
    def _policy(self) -> bytes:
        return policy_model(self._program)

    def _packed(self) -> dict[str, Tensor]:
        """All variables of a type, end to end."""
        flat: dict[str, list[Tensor]] = {}
        for value in self._variables.values():
            flat.setdefault(value.dtype.name, []).append(tf.reshape(value, [-1]))
        return {dtype: tf.concat(values, 0) for dtype, values in flat.items()}


class _Kept(Mapping[str, npt.NDArray[Any]]):
    """Variables as arrays, taken from what `_packed` returned."""

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
