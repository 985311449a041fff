"""The compiled loop's programs as a backend: weights that are read late, single calls as plain TensorFlow graphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.loops.backends.tensorflow import TensorFlowBackend
from rlkit.loops.program import Program


class CompiledBackend(TensorFlowBackend):
    """The variables are the program's own: the compiled loop changes them, the host reads and writes them here."""

    def __init__(self, program: Program, *, debug: bool) -> None:
        """Raises UnreachableStateError if a function uses a variable that is not the program's."""
        super().__init__(program, "eager" if debug else "graph")
        if not debug:
            self.name = "xla"
        # One call for all of them: a third of the time that reading them one by one takes.
        read = tf.function(lambda: {name: tf.identity(value) for name, value in self._variables.items()})
        self._read_all = read.get_concrete_function()

    def read(self) -> Mapping[str, npt.NDArray[Any]]:
        """See `Backend`. Values of this moment, brought to the host when they are looked at."""
        return _Kept(self._read_all())


class _Kept(Mapping[str, npt.NDArray[Any]]):
    """Tensors as arrays."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        self._tensors = tensors

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return np.asarray(self._tensors[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)
