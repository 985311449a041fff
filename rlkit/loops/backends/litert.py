"""A program as one LiteRT model whose signatures share their variables."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.loops.backends.quiet import quiet_stderr
from rlkit.loops.program import Arrays, Bound, GraphFunction, Program

_READ, _WRITE = "read_variables", "write_variables"


class NotConvertibleError(ValueError):
    """LiteRT cannot run a program; the message says why."""


def convert(program: Program) -> bytes:
    """The program as a LiteRT model, with two more signatures that read and write its variables.

    Raises:
        NotConvertibleError: if an operation has no counterpart in LiteRT.
    """
    import tensorflow as tf

    names = {name: f"variable_{index:03d}" for index, name in enumerate(program.variables)}
    pairs = [(names[name], variable) for name, variable in program.variables.items()]

    def read() -> dict[str, Any]:
        return {name: tf.identity(variable) for name, variable in pairs} or {"nothing": tf.constant(0)}

    def write(**values: Any) -> dict[str, Any]:
        for name, variable in pairs:
            variable.assign(values[name])
        return {"written": tf.constant(len(pairs))}

    specs = tuple(tf.TensorSpec(variable.shape, variable.dtype, name=name) for name, variable in pairs)
    extra = (GraphFunction(_READ, read, ()), GraphFunction(_WRITE, write, specs))
    module = tf.Module()
    module.variables_of_program = [variable for _, variable in pairs]
    with tempfile.TemporaryDirectory() as folder, quiet_stderr():
        try:
            signatures = {function.name: function.traced for function in (*program.functions, *extra)}
            tf.saved_model.save(module, folder, signatures=signatures)
            converter = tf.lite.TFLiteConverter.from_saved_model(folder)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
            converter.experimental_enable_resource_variables = True
            return bytes(converter.convert())
        except Exception as error:  # the converter raises whatever its MLIR passes raise
            raise NotConvertibleError(_reason(error)) from error


def _reason(error: Exception) -> str:
    lacking = sorted(set(re.findall(r"'tf\.(\w+)' op is neither", str(error))))
    if lacking:
        return "LiteRT has no " + ", ".join(lacking)
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"not convertible to LiteRT: {lines[0][:200]}"


class LiteRTBackend:
    """Calls a LiteRT model's signatures; the variables live in the interpreter."""

    name = "litert"

    def __init__(self, model: bytes, program: Program, used: Callable[[str], frozenset[str]]) -> None:
        """`used` says which inputs of a function its graph reads; the others are not copied in."""
        from ai_edge_litert.interpreter import Interpreter

        self._names = {name: f"variable_{index:03d}" for index, name in enumerate(program.variables)}
        self._used = used
        with quiet_stderr():
            try:
                self._interpreter = Interpreter(model_content=model, num_threads=1)
                self._interpreter.allocate_tensors()
                signatures = (*(function.name for function in program.functions), _READ, _WRITE)
                self._runners = {name: self._interpreter.get_signature_runner(name) for name in signatures}
            except (RuntimeError, ValueError) as error:
                raise NotConvertibleError(f"LiteRT refuses its own model: {error}") from error
        self._functions = {function.name: function for function in program.functions}

    def function(self, name: str) -> Bound:
        """See `Backend`."""
        specs, used = self._functions[name].inputs, self._used(name)
        inputs = [(spec.name, position) for position, spec in enumerate(specs) if spec.name in used]
        return _bind(self._runners[name], specs, inputs, self.outputs(name))

    def outputs(self, name: str) -> tuple[str, ...]:
        """See `Backend`."""
        return tuple(sorted(self._runners[name].get_output_details()))

    def used(self, name: str) -> frozenset[str]:
        """See `Backend`."""
        return self._used(name)

    def read(self) -> Arrays:
        """See `Backend`."""
        values = self._runners[_READ]()
        return {name: values[short] for name, short in self._names.items()}

    def write(self, values: Arrays) -> None:
        """See `Backend`."""
        if self._names:
            self._runners[_WRITE](**{short: values[name] for name, short in self._names.items()})


def _bind(runner: Any, specs: tuple[Any, ...], inputs: list[tuple[str, int]], outputs: tuple[str, ...]) -> Bound:
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
        return _by_runner(runner, specs, outputs)

    def bound(*values: Any) -> list[npt.NDArray[Any]]:
        for index, position in indices:
            set_tensor(index, values[position], subgraph)
        invoke(subgraph)
        return [get_tensor(index, subgraph) for index in results]

    return bound


def _by_runner(runner: Any, specs: tuple[Any, ...], outputs: tuple[str, ...]) -> Bound:
    known = set(runner.get_input_details())
    names = [(spec.name, position) for position, spec in enumerate(specs) if spec.name in known]

    def bound(*values: Any) -> list[npt.NDArray[Any]]:
        produced = runner(**{name: np.asarray(values[position]) for name, position in names})
        return [produced[output] for output in outputs]

    return bound
