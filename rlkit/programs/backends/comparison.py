"""Whether two backends agree on a program: outputs and variables, over rounds of examples."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.programs.backends.conditioning import spread
from rlkit.programs.program import Arrays, Backend, Program

ROUNDS = 12
"""Calls of every function in a comparison."""
TOLERANCE = 1e-5
"""Relative to the largest magnitude in an array, or to 1: most measured differences are 30 times smaller."""
MOST = 1e-3
"""In the same way, for what is ill-conditioned: however much rounding may do, more is told as a difference."""


def disagreement(candidate: Backend, reference: Backend, program: Program) -> str | None:
    """Where a candidate's results differ from the reference's, or None. Both then have the variables of before.

    Outputs and variables are compared after every call, so that no function hides what another did wrong. Every call
    begins with the reference's variables in both. Left alone for twelve rounds they drift apart, since learning
    amplifies rounding (a ReLU on its edge, Adam's step along a gradient near 0): the Nature network (Mnih et al.,
    2015) to a hundred times the tolerance, from one set of weights and not from another.
    """
    start = variables = reference.read()
    sound = {name for name, value in start.items() if np.isfinite(value).all()}
    assigning = {function.name for function in program.functions if function.assigns}
    rng = np.random.default_rng(0)
    try:
        for turn in range(ROUNDS):
            _write(variables, reference, candidate)
            for name, inputs in _inputs(program, rng, turn).items():
                expected = _outputs(reference, name, inputs, turn)
                after = variables
                if name in assigning:
                    after = reference.read()
                    candidate.write(variables)  # two backends of TensorFlow have the same variables
                found = _outputs(candidate, name, inputs, turn)
                changed = candidate.read() if name in assigning else {}
                when = f"{name}, call {turn},"
                problem = _apart(found, expected, changed, after, when, {})
                if problem is not None:
                    wide = _spread(reference, variables, name, inputs, turn)
                    problem = _apart(found, expected, changed, after, when, wide)
                if changed:
                    _write(after, reference, candidate)
                if problem is not None:
                    return problem
                variables = after
            if not all(np.isfinite(variables[name]).all() for name in sound):
                variables = start  # among values that are not finite no difference shows
        return None
    finally:
        _write(start, reference, candidate)


def _apart(found: Arrays, expected: Arrays, changed: Arrays, after: Arrays, when: str, wide: Arrays) -> str | None:
    problem = difference(found, expected, wide)
    return variables_apart(changed, after, when, wide) if problem is None and changed else problem


def _spread(reference: Backend, variables: Arrays, name: str, inputs: list[npt.NDArray[Any]], turn: int) -> Arrays:
    """Of outputs and variables by their names. The reference has the variables of before again."""

    def results() -> Arrays:
        return {**_outputs(reference, name, inputs, turn), **_named(reference.read())}

    try:
        return spread(reference, variables, results)
    finally:
        reference.write(variables)


def variables_apart(found: Arrays, expected: Arrays, when: str, wide: Arrays | None = None) -> str | None:
    """Which variable differs after a call: floats by more than the tolerance in their root mean square; or None.

    Not element by element: where a gradient is rounding alone, Adam's step along it is any number up to the rate.

    Args:
        found: by variable.
        expected: likewise.
        when: in the message.
        wide: how far rounding alone moves it, by `variable <name>`.
    """
    for name, value in expected.items():
        if np.array_equal(found[name], value):
            continue
        same = np.isclose(found[name], value, rtol=0.0, atol=0.0, equal_nan=True)
        apart = np.subtract(found[name], value, where=~same, out=np.zeros(value.shape), dtype=np.float64)
        rounding = _root_mean_square(wide[f"variable {name}"]) if wide else 0.0
        tolerance = _tolerance(value, rounding) if value.dtype.kind == "f" else 0.0
        if not _root_mean_square(apart) <= tolerance:
            at = np.unravel_index(np.argmax(np.abs(apart)), apart.shape)
            return f"variable {name} after {when} is {found[name][at]:.8g}, not {value[at]:.8g}"
    return None


def _root_mean_square(values: npt.NDArray[Any]) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


def _tolerance(value: npt.NDArray[Any], rounding: Any) -> Any:
    """Of an array, or of each of its numbers: what rounding does, and never more than MOST."""
    scale = max(1.0, float(np.max(np.abs(value), initial=0.0, where=np.isfinite(value))))
    return np.clip(rounding, TOLERANCE * scale, MOST * scale)


def exercise(backend: Backend, program: Program, start: Arrays) -> dict[str, npt.NDArray[np.float64]]:
    """Every output of every function over the rounds, and the variables at the end, from given variables."""
    backend.write(start)
    rng = np.random.default_rng(0)
    seen: dict[str, npt.NDArray[np.float64]] = {}
    for turn in range(ROUNDS):
        for name, inputs in _inputs(program, rng, turn).items():
            seen.update(_outputs(backend, name, inputs, turn))
    return {**seen, **_named(backend.read())}


def _inputs(program: Program, rng: np.random.Generator, turn: int) -> dict[str, list[npt.NDArray[Any]]]:
    """Examples for every function."""
    return {
        function.name: [program.example(spec, rng, turn) for spec in function.inputs] for function in program.functions
    }


def _outputs(
    backend: Backend, name: str, inputs: list[npt.NDArray[Any]], turn: int
) -> dict[str, npt.NDArray[np.float64]]:
    """The outputs of one call."""
    produced = zip(backend.outputs(name), backend.function(name)(*inputs), strict=True)
    return {f"{name} {output}, call {turn}": np.asarray(value, np.float64) for output, value in produced}


def _write(variables: Arrays, *backends: Backend) -> None:
    for backend in backends:
        backend.write(variables)


def _named(variables: Arrays) -> dict[str, npt.NDArray[np.float64]]:
    return {f"variable {name}": np.asarray(value, np.float64) for name, value in variables.items()}


def difference(found: Arrays, expected: Arrays, wide: Arrays | None = None) -> str | None:
    """Where two exercises differ by more than the tolerance, or None.

    Args:
        found: by output.
        expected: likewise.
        wide: how far rounding alone moves each number, by output.
    """
    for name, value in expected.items():
        other = found[name]
        if other.shape != value.shape:
            return f"{name} has shape {other.shape}, not {value.shape}"
        tolerance = _tolerance(value, wide[name] if wide else 0.0)
        apart = ~np.isclose(other, value, rtol=0.0, atol=tolerance, equal_nan=True)
        if apart.any():
            return f"{name} is {other[apart].flat[0]:.8g}, not {value[apart].flat[0]:.8g}"
    return None
