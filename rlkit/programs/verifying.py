"""Whether graph code hides randomness: TensorFlow's stateful random operations, and what differs when made again."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from rlkit.contracts.tensor import Variable
from rlkit.faults.authors import is_authors
from rlkit.programs.program import GraphFunction, Program

_RANDOM = re.compile(
    r"(Random|Stateful|Rng|Parameterized)\w*|Multinomial|TruncatedNormal|\w*CandidateSampler|BoostedTreesCreate\w*"
)
"""TensorFlow's operations with a generator of their own; those of `Stateless…` have none."""
_NO_RANDOM = ("StatefulPartitionedCall", "StatefulUniformDataset")
INSTEAD = "the only random numbers are those of call.noise"
DRAWN = (
    "what begins differently for another seed is drawn by the core, from a Keras initialiser that it knows, or in "
    "begin(call) from call.noise"
)


class HiddenRandomness(ValueError):
    """Graph code whose results follow from something else than inputs, noise and variables."""


def refuse_random_operations(program: Program) -> None:
    """Raise HiddenRandomness for an operation that draws numbers which nobody can repeat."""
    for function in program.functions:
        for graph in _graphs(function):
            for operation in graph.get_operations():
                if _RANDOM.fullmatch(operation.type) and operation.type not in _NO_RANDOM:
                    raise HiddenRandomness(
                        f"{program.name}'s {function.name} uses TensorFlow's {operation.type}{_place(operation)}: "
                        f"no run could be repeated; {INSTEAD}"
                    )


def compare_builds(first: Program, second: Program, drawn: frozenset[str]) -> None:
    """Compare two builds of the same parts, made with different seeds of all generators.

    Args:
        first: the program.
        second: the same again.
        drawn: names of the variables that the core draws.

    Raises:
        HiddenRandomness: a variable begins differently, or a graph has other constants or other operations.
    """
    for name, variable in first.variables.items():
        if name not in drawn and not _same(variable, second.variables.get(name)):
            raise HiddenRandomness(f"{name} begins with other values when it is built again: {DRAWN}")
    for function, again in zip(first.functions, second.functions, strict=True):
        found, expected = _constants(function), Counter(_constants(again).values())
        others = Counter(found.values()) - expected
        if others:
            places = [_place(operation) for operation, value in found.items() if value in others]
            raise HiddenRandomness(
                f"{first.name}'s {function.name} has a constant that is another one when it is made again"
                f"{next(filter(None, places), '')}, from numpy.random, a counter in Python or the clock, say: {INSTEAD}"
                ", and what changes during a run is a variable or a function of call.progress"
            )
        operations = [
            Counter(operation.type for graph in _graphs(one) for operation in graph.get_operations())
            for one in (function, again)
        ]
        if operations[0] != operations[1]:
            raise HiddenRandomness(
                f"{first.name}'s {function.name} is another graph when it is made again: what it does may follow from "
                f"its inputs, {INSTEAD}"
            )


def _graphs(function: GraphFunction) -> Iterator[Any]:
    """A function's graph, and those within it: of loops, branches and gradients."""
    pending, seen = [function.traced.graph], set[int]()
    while pending:
        graph = pending.pop()
        if id(graph) in seen:
            continue
        seen.add(id(graph))
        yield graph
        pending.extend(inner.graph for inner in graph._functions.values() if hasattr(inner, "graph"))


def _constants(function: GraphFunction) -> dict[Any, bytes]:
    """The values of a function's constants, by their operations."""
    return {
        operation: operation.get_attr("value").SerializeToString(deterministic=True)
        for graph in _graphs(function)
        for operation in graph.get_operations()
        if operation.type == "Const"
    }


def _place(operation: Any) -> str:
    """` (file:line)` of the author's innermost line that made an operation; empty if there is none."""
    frames = list(operation.traceback or ())
    for frame in reversed(frames):
        if is_authors(_module_of(frame.filename), frame.filename):
            return f" ({frame.filename}:{frame.lineno})"
    return ""


def _module_of(filename: str) -> str:
    """The name of the module that was loaded from a file; the file's own name if none was."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) == filename:
            return name
    return "" if filename.startswith("<") else "__main__"


def _same(one: Variable, other: Variable | None) -> bool:
    if other is None or one.shape != other.shape or one.dtype != other.dtype:
        return False
    first, second = one.numpy(), other.numpy()
    return bool(np.array_equal(first, second, equal_nan=first.dtype.kind == "f"))
