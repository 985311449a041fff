"""Whether two backends agree on a program: outputs and variables, over rounds of examples."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.programs.program import Arrays, Backend, GraphFunction, Program

ROUNDS = 12
"""Calls of every function in a comparison."""
TOLERANCE = 1e-5
"""Relative to the largest magnitude in an array, or to 1: measured differences are 30 times smaller."""


def disagreement(candidate: Backend, reference: Backend, program: Program) -> str | None:
    """Where a candidate's results differ from the reference's, or None. Both then have the variables of before.

    Outputs and assigned variables are compared after every single call: what one function does wrongly, another might
    overwrite. Every call begins with the reference's variables in both. Left alone for twelve rounds they drift apart,
    since learning amplifies rounding (a ReLU on its edge, Adam's step along a gradient near 0): the Nature network
    (Mnih et al., 2015) to a hundred times the tolerance, from one set of weights and not from another.
    """
    start = variables = reference.read()
    rng = np.random.default_rng(0)
    try:
        for backend in (reference, candidate):
            backend.write(variables)
        for turn in range(ROUNDS):
            for function in program.functions:
                inputs = [program.example(spec, rng, turn) for spec in function.inputs]
                assigns = _assigns(function)
                expected = _called(reference, function.name, inputs, turn)
                if assigns:
                    after = reference.read()
                    candidate.write(variables)  # where both run in TensorFlow, they are the same variables
                found = _called(candidate, function.name, inputs, turn)
                problem = difference(found, expected)
                if assigns:
                    apart = variables_apart(candidate.read(), after, f"{function.name}, call {turn}")
                    problem, variables = problem or apart, after
                    for backend in (reference, candidate):
                        backend.write(variables)
                if problem is not None:
                    return problem
        return None
    finally:
        reference.write(start)
        candidate.write(start)


def _assigns(function: GraphFunction) -> bool:
    """Whether a function may change a variable, itself or within a loop or branch."""
    definition = function.traced.graph.as_graph_def()
    nodes = [*definition.node, *(node for inner in definition.library.function for node in inner.node_def)]
    return any("Assign" in node.op or node.op.startswith("Resource") for node in nodes)


def variables_apart(found: Arrays, expected: Arrays, after: str) -> str | None:
    """Which variable differs after a call by more than the tolerance in its root mean square, or None.

    Not element by element: where a gradient is rounding alone, Adam's step along it is any number up to the rate.
    """
    for name, value in expected.items():
        same = np.isclose(found[name], value, rtol=0.0, atol=0.0, equal_nan=True)
        apart = np.subtract(found[name], value, where=~same, out=np.zeros(value.shape), dtype=np.float64)
        scale = max(1.0, float(np.max(np.abs(value), initial=0.0, where=np.isfinite(value))))
        if not np.sqrt(np.mean(np.square(apart))) <= TOLERANCE * scale:
            at = np.unravel_index(np.argmax(np.abs(apart)), apart.shape)
            return f"variable {name} after {after} is {found[name][at]:.8g}, not {value[at]:.8g}"
    return None


def exercise(backend: Backend, program: Program, start: Arrays) -> dict[str, npt.NDArray[np.float64]]:
    """Every output of every function over the rounds, and the variables at the end, from given variables."""
    backend.write(start)
    rng = np.random.default_rng(0)
    seen: dict[str, npt.NDArray[np.float64]] = {}
    for turn in range(ROUNDS):
        for function in program.functions:
            inputs = [program.example(spec, rng, turn) for spec in function.inputs]
            seen.update(_called(backend, function.name, inputs, turn))
    return {**seen, **_named(backend.read())}


def _called(
    backend: Backend, name: str, inputs: list[npt.NDArray[Any]], turn: int
) -> dict[str, npt.NDArray[np.float64]]:
    """The outputs of one call."""
    produced = zip(backend.outputs(name), backend.function(name)(*inputs), strict=True)
    return {f"{name} {output}, call {turn}": np.asarray(value, np.float64) for output, value in produced}


def _named(variables: Arrays) -> dict[str, npt.NDArray[np.float64]]:
    return {f"variable {name}": np.asarray(value, np.float64) for name, value in variables.items()}


def difference(found: Arrays, expected: Arrays) -> str | None:
    """Where two exercises differ by more than the tolerance, or None."""
    for name, value in expected.items():
        other = found[name]
        if other.shape != value.shape:
            return f"{name} has shape {other.shape}, not {value.shape}"
        scale = max(1.0, float(np.max(np.abs(value), initial=0.0, where=np.isfinite(value))))
        apart = ~np.isclose(other, value, rtol=0.0, atol=TOLERANCE * scale, equal_nan=True)
        if apart.any():
            return f"{name} is {other[apart].flat[0]:.8g}, not {value[apart].flat[0]:.8g}"
    return None
