"""A program as TensorFlow functions: compiled by XLA, as graphs, or eagerly for breakpoints."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.programs.program import Arrays, Bound, GraphFunction, Program
from rlkit.programs.state import audit


class TensorFlowBackend:
    """Calls a program's functions in TensorFlow; the variables are the program's own."""

    def __init__(self, program: Program, mode: str) -> None:
        """`mode` is `xla`, `graph` or `eager`.

        Raises:
            UnreachableStateError: if a function uses a variable that is not the program's.
        """
        self.name = mode
        self._variables = program.variables
        self._functions: dict[str, tuple[GraphFunction, Any]] = {}
        self._outputs: dict[str, tuple[str, ...]] = {}
        self._used: dict[str, frozenset[str]] = {}
        for function in program.functions:
            concrete = function.traced
            audit(f"{program.name}.{function.name}", concrete, program.variables)
            self._functions[function.name] = (function, _callable(function, mode))
            self._outputs[function.name] = tuple(sorted(concrete.structured_outputs))
            self._used[function.name] = frozenset(
                tensor.op.name
                for tensor in concrete.inputs
                if tensor.op.name in function.specs() and tensor.consumers()
            )

    def function(self, name: str) -> Bound:
        """See `Backend`."""
        function, call = self._functions[name]
        used, outputs = self._used[name], self._outputs[name]
        unused = {spec.name: tf.zeros(spec.shape, spec.dtype) for spec in function.inputs if spec.name not in used}
        inputs = [(place, spec.name, spec.dtype) for place, spec in enumerate(function.inputs) if spec.name in used]

        def bound(*values: Any) -> list[npt.NDArray[Any]]:
            given = {name: tf.constant(values[place], dtype) for place, name, dtype in inputs}
            produced = call(**given, **unused)
            return [np.asarray(produced[output]) for output in outputs]

        return bound

    def outputs(self, name: str) -> tuple[str, ...]:
        """See `Backend`."""
        return self._outputs[name]

    def used(self, name: str) -> frozenset[str]:
        """See `Backend`."""
        return self._used[name]

    def read(self) -> Arrays:
        """See `Backend`."""
        return {name: variable.numpy() for name, variable in self._variables.items()}

    def write(self, values: Arrays) -> None:
        """See `Backend`."""
        for name, variable in self._variables.items():
            variable.assign(values[name])

    def policy(self) -> bytes | None:
        """See `Backend`."""
        return None


def _callable(function: GraphFunction, mode: str) -> Any:
    if mode == "eager":
        return function.call
    if mode == "graph":
        return function.traced

    def call(**given: Any) -> Any:
        return function.traced(**given)

    return tf.function(call, jit_compile=True, autograph=False).get_concrete_function(**function.specs())
