"""A program as one LiteRT model whose signatures share their variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rlkit.programs.backends.quiet import quiet_stderr

if TYPE_CHECKING:
    from rlkit.programs.program import Arrays, Bound, Program

READ, WRITE = "read_variables", "write_variables"
"""Signatures of a model beside its program's functions: all variables, by their short names."""


def short_names(variables: Iterable[str]) -> dict[str, str]:
    """What a model calls a program's variables: `variable_000`, `variable_001`, … in their order."""
    return {name: f"variable_{index:03d}" for index, name in enumerate(variables)}


class NotConvertibleError(ValueError):
    """LiteRT cannot run a program; the message says why."""


class LiteRTBackend:
    """Calls a LiteRT model's signatures; the variables live in the interpreter."""

    name = "litert"

    def __init__(self, model: bytes, program: Program, used: Callable[[str], frozenset[str]]) -> None:
        """`used` says which inputs of a function its graph reads; the others are not copied in."""
        from ai_edge_litert.interpreter import Interpreter

        self.model = model
        self._names = short_names(program.variables)
        self._used = used
        with quiet_stderr():
            try:
                self._interpreter = Interpreter(model_content=model, num_threads=1)
                self._interpreter.allocate_tensors()
                signatures = (*(function.name for function in program.functions), READ, WRITE)
                self._runners = {name: self._interpreter.get_signature_runner(name) for name in signatures}
            except (RuntimeError, ValueError) as error:
                raise NotConvertibleError(f"LiteRT refuses its own model: {error}") from error
        self._inputs = {function.name: [spec.name for spec in function.inputs] for function in program.functions}

    def function(self, name: str) -> Bound:
        """See `Backend`."""
        used = self._used(name)
        inputs = [(input_, position) for position, input_ in enumerate(self._inputs[name]) if input_ in used]
        return _bind(self._runners[name], self._inputs[name], inputs, self.outputs(name))

    def outputs(self, name: str) -> tuple[str, ...]:
        """See `Backend`."""
        return tuple(sorted(self._runners[name].get_output_details()))

    def used(self, name: str) -> frozenset[str]:
        """See `Backend`."""
        return self._used(name)

    def read(self) -> Arrays:
        """See `Backend`."""
        values = self._runners[READ]()
        return {name: values[short] for name, short in self._names.items()}

    def write(self, values: Arrays) -> None:
        """See `Backend`."""
        if self._names:
            self._runners[WRITE](**{short: values[name] for name, short in self._names.items()})

    def policy(self) -> bytes:
        """See `Backend`."""
        return self.model


def _bind(runner: Any, names: list[str], inputs: list[tuple[str, int]], outputs: tuple[str, ...]) -> Bound:
    """A call by tensor index: 5 µs where the signature runner, which resizes and allocates each time, takes 15.

    The names used here are not public; where an ai-edge-litert lacks them, the runner itself serves.
    """
    try:
        wrapper, subgraph = runner._interpreter_wrapper, runner._subgraph_index
        indices = [(runner._inputs[name], position) for name, position in inputs if name in runner._inputs]
        results = [index for name, index in sorted(runner._outputs)]
        set_tensor, invoke, get_tensor = wrapper.SetTensor, wrapper.Invoke, wrapper.GetTensor
        wrapper.AllocateTensors(subgraph)
    except (AttributeError, TypeError):
        return _by_runner(runner, names, outputs)

    def bound(*values: Any) -> list[npt.NDArray[Any]]:
        for index, position in indices:
            set_tensor(index, values[position], subgraph)
        invoke(subgraph)
        return [get_tensor(index, subgraph) for index in results]

    return bound


def _by_runner(runner: Any, inputs: list[str], outputs: tuple[str, ...]) -> Bound:
    known = set(runner.get_input_details())
    names = [(name, position) for position, name in enumerate(inputs) if name in known]

    def bound(*values: Any) -> list[npt.NDArray[Any]]:
        produced = runner(**{name: np.asarray(values[position]) for name, position in names})
        return [produced[output] for output in outputs]

    return bound
