"""Two traces of the same parts, compared: what is drawn, counted or timed while building and tracing differs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import zip_longest
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.tensor import Variable
from rlkit.programs.program import GraphFunction, Program
from rlkit.programs.tracing import trace
from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit.programs.verifying.graphs import graphs_in
from rlkit.programs.verifying.made import made_at
from rlkit.programs.verifying.places import Place, author_place
from rlkit.programs.weights.initial_weights import KNOWN

_UNSTEADY = (
    "a graph is traced once, so what NumPy draws, Python counts or the clock shows meanwhile stays as it is for the "
    "whole run and is another in the next one; draw from call.noise, count in a tf.Variable or by call.progress"
)

_AGAIN = "when it is built and traced again"
_NAMES = ("token", "shared_name", "container")
"""Attributes of operations that TensorFlow counts up in a process."""


def compare(first: Program, second: Program, drawn: Collection[str]) -> None:
    """Refuse a program that is another when its parts are built and traced again.

    Args:
        first: traced.
        second: of parts that were built anew, with other seeds of the libraries' generators; it is traced once more.
        drawn: names of the variables that the core draws.

    Raises:
        HiddenRandomnessError: for the first difference, with the line that made it.
    """
    _compare_variables(first, second, drawn)
    names = [[function.name for function in program.functions] for program in (first, second)]
    if names[0] != names[1]:
        raise HiddenRandomnessError(f"{first.name} has the functions {names[0]}, and built again {names[1]}")
    for one, other in zip(first.functions, second.functions, strict=True):
        _compare_functions(f"{first.name}.{one.name}", one, other, _paths(first), _paths(second))


def _compare_variables(first: Program, second: Program, drawn: Collection[str]) -> None:
    if list(first.variables) != list(second.variables):
        apart = sorted(set(first.variables) ^ set(second.variables))
        raise HiddenRandomnessError(f"{first.name} has other variables when it is built again: {', '.join(apart)}")
    for name, variable in first.variables.items():
        if name not in drawn and not _equal(variable.numpy(), second.variables[name].numpy()):
            raise HiddenRandomnessError(
                f"the variable {name}, made by {made_at(variable) or 'a component'}, begins as Keras's, NumPy's or "
                "TensorFlow's generator draws it; draw it in begin(call) from call.noise, or use an initialiser that "
                f"the core draws ({', '.join(sorted(KNOWN))})"
            )


def _compare_functions(
    name: str, one: GraphFunction, other: GraphFunction, paths: dict[int, str], other_paths: dict[int, str]
) -> None:
    first, second = one.traced.graph, trace(other.call, other.specs()).graph
    if one.inputs != other.inputs:
        place = _first_apart(first, second)
        raise HiddenRandomnessError(f"{name}: {place or 'it'} asks for other noise or inputs {_AGAIN}; {_UNSTEADY}")
    for ours, theirs in zip_longest(_captured(first, paths), _captured(second, other_paths)):
        if ours is None or theirs is None or type(ours[0]) is not type(theirs[0]) or not _equal(ours[0], theirs[0]):
            place = _user((ours or theirs)[1])
            raise HiddenRandomnessError(f"{name}: {place or 'it'} uses another tensor {_AGAIN}; {_UNSTEADY}")
    nothing: tuple[Any, Any] = None, None
    for (ours, said), (theirs, says) in zip_longest(_made(first), _made(second), fillvalue=nothing):
        if said != says:
            both = {operation.type for operation in (ours, theirs) if operation is not None}
            what = "another constant" if both == {"Const"} else "other code"
            made: Any = theirs if ours is None else ours
            place = author_place(made.traceback)
            raise HiddenRandomnessError(f"{name}: {place or 'it'} makes {what} {_AGAIN}; {_UNSTEADY}")


def _first_apart(first: Any, second: Any) -> Place | None:
    """The author's line of the first operation that only one of two graphs has, the inputs left out."""
    for one, other in zip_longest(_authors(first), _authors(second)):
        found = one or other
        if one != other and found is not None:
            return found[0]
    return None


def _authors(graph: Any) -> Iterator[tuple[Place, str, list[str]]]:
    """Operations that an author's line made: that line, their type, the shapes of what they give."""
    for inner in graphs_in(graph):
        for operation in inner.get_operations():
            # An input is made where the function is traced, whoever asked for it.
            if operation.type != "Placeholder" and (place := author_place(operation.traceback)):
                yield place, operation.type, [str(given.shape) for given in operation.outputs]


def _made(graph: Any) -> Iterator[tuple[Any, Any]]:
    """Every operation and all that it says but names: two traces may name the same thing differently."""
    for inner in graphs_in(graph):
        numbers = {operation.name: number for number, operation in enumerate(inner.get_operations())}
        for operation in inner.get_operations():
            wiring = tuple((numbers[tensor.op.name], tensor.value_index) for tensor in operation.inputs)
            attributes = tuple(
                (key, value.SerializeToString(deterministic=True))
                for key, value in sorted(operation.node_def.attr.items())
                if not key.startswith("_")
                and key not in _NAMES
                and value.WhichOneof("value") != "func"
                and not value.list.func
            )
            yield operation, (operation.type, wiring, attributes)


def _captured(graph: Any, paths: dict[int, str]) -> Iterator[tuple[Any, Any]]:
    """Tensors from outside the graph: a variable's path, or the value; and the tensor in the graph."""
    for outer, inner in graph.captures:
        if id(outer) in paths:
            yield paths[id(outer)], inner
        elif hasattr(outer, "numpy") and outer.dtype.name not in ("resource", "variant"):
            yield outer.numpy(), inner


def _user(captured: Any) -> Place | None:
    """The author's line that uses a tensor from outside."""
    users = (author_place(operation.traceback) for operation in captured.consumers())
    return next((found for found in users if found), None)


def _paths(program: Program) -> dict[int, str]:
    return {id(_handle(variable)): name for name, variable in program.variables.items()}


def _handle(variable: Variable) -> object:
    return variable.handle


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, str):
        return bool(one == other)
    ours: npt.NDArray[Any] = np.asarray(one)
    theirs: npt.NDArray[Any] = np.asarray(other)
    return ours.dtype == theirs.dtype and ours.shape == theirs.shape and ours.tobytes() == theirs.tobytes()
