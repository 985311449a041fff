"""The same again: whether a program repeats itself, and whether two builds of it do the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.programs.backends.comparison import difference
from rlkit.programs.program import Arrays, Backend, Program

_ROUNDS = 4
"""Inputs of each function that are given twice."""


def differs_from_itself(eager: Backend, graph: Backend, program: Program) -> str | None:
    """Where a call that is made twice in Python, from the same variables, gives two results; or None.

    Or another one than as a graph. Both backends share the program's variables.
    """
    rng = np.random.default_rng(0)
    for turn in range(_ROUNDS):
        for function in program.functions:
            inputs = [program.example(spec, rng, turn) for spec in function.inputs]
            before, seen = eager.read(), []
            for backend in (eager, eager, graph):
                backend.write(before)
                outputs = zip(backend.outputs(function.name), backend.function(function.name)(*inputs), strict=True)
                results = {f"{function.name}'s {name}": np.asarray(value, np.float64) for name, value in outputs}
                seen.append(results | {name: np.asarray(value, np.float64) for name, value in backend.read().items()})
            first, again, as_graph = seen
            if (problem := difference(again, first)) is not None:
                return f"called again, {problem}"
            if (problem := difference(as_graph, first)) is not None:
                return f"as a graph, {problem}"
    return None


def by_place(seen: Arrays) -> dict[str, npt.NDArray[Any]]:
    """What `exercise` saw, variables by place: Keras numbers the names of layers that have none of their own."""
    return {
        f"variable {place}" if name.startswith("variable ") else name: value
        for place, (name, value) in enumerate(seen.items())
    }
