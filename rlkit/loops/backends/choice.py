"""Which backend runs a program: LiteRT where it converts and agrees with TensorFlow, else TensorFlow, compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.loops.backends.litert import LiteRTBackend, NotConvertibleError, convert
from rlkit.loops.backends.tensorflow import TensorFlowBackend
from rlkit.loops.program import Arrays, Backend, Program

ROUNDS = 12
"""Calls of every function in a comparison."""
TOLERANCE = 1e-5
"""Relative to the largest magnitude in an array, or to 1: measured differences are 30 times smaller."""


class Chosen(NamedTuple):
    """A backend, and why it is this one."""

    backend: Backend
    reason: str
    """Empty for the fastest."""


def choose(program: Program, *, debug: bool = False) -> Chosen:
    """The backend for a program. Follows from what converts and from shapes, never from timing.

    Every candidate is compared with TensorFlow's graph functions first: outputs and variables, over several rounds.

    Raises:
        UnreachableStateError: if the program uses a variable that the core cannot find.
    """
    if debug:
        return Chosen(TensorFlowBackend(program, "eager"), "--debug: graph code runs eagerly")
    reference = TensorFlowBackend(program, "graph")
    start = reference.read()
    expected = exercise(reference, program, start)
    try:
        lite = LiteRTBackend(convert(program), program, reference.used)
        problem = difference(exercise(lite, program, start), expected)
        if problem is None:
            reference.write(start)
            lite.write(start)
            return Chosen(lite, "")
        reason = f"LiteRT's result differs from TensorFlow's: {problem}"
    except NotConvertibleError as error:
        reason = str(error)
    try:
        compiled = TensorFlowBackend(program, "xla")
        problem = difference(exercise(compiled, program, start), expected)
    except Exception as error:  # XLA raises many types for an operation that it lacks
        problem = f"{type(error).__name__}: {str(error).strip().splitlines()[0][:200]}"
    reference.write(start)
    if problem is None:
        return Chosen(compiled, reason)
    return Chosen(reference, f"{reason}; XLA: {problem}")


def exercise(backend: Backend, program: Program, start: Arrays) -> dict[str, npt.NDArray[np.float64]]:
    """Every output of every function over the rounds, and the variables at the end, from given variables."""
    backend.write(start)
    rng = np.random.default_rng(0)
    seen: dict[str, npt.NDArray[np.float64]] = {}
    for turn in range(ROUNDS):
        for function in program.functions:
            inputs = [program.example(spec, rng, turn) for spec in function.inputs]
            produced = backend.function(function.name)(*inputs)
            for name, value in zip(backend.outputs(function.name), produced, strict=True):
                seen[f"{function.name} {name}, call {turn}"] = np.asarray(value, np.float64)
    seen.update((f"variable {name}", np.asarray(value, np.float64)) for name, value in backend.read().items())
    return seen


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
