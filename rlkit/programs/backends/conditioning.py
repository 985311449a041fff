"""How far rounding alone moves a program's results: those from variables that differ in their last bits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from rlkit.programs.program import Arrays, Backend

TRIES = 4
"""Sets of variables; each costs a call of the reference."""
FACTOR = 4.0
"""What operations in another order may do beside a change of the last bit of every variable: an operation rounds its
result as often as it rounds its operands, and a sum many times over."""
_LAST_BIT = float(np.finfo(np.float32).eps)


def spread(reference: Backend, variables: Arrays, results: Callable[[], Arrays]) -> dict[str, npt.NDArray[np.float64]]:
    """How far each number of the results is moved; the reference's variables are other ones afterwards.

    A function is ill-conditioned where it is moved by far more than it was given: the norm of a gradient that is a
    difference of large terms, say. No two correct orders of its operations agree better than that.

    Args:
        reference: whose results are trusted.
        variables: with which the call begins.
        results: makes the call, and gives everything that comes of it.
    """
    rng = np.random.default_rng(0)
    reference.write(variables)
    expected = results()
    moved = {name: np.zeros(np.shape(value)) for name, value in expected.items()}
    for _ in range(TRIES):
        reference.write({name: _nudged(value, rng) for name, value in variables.items()})
        for name, value in results().items():
            apart = np.abs(np.asarray(value, np.float64) - np.asarray(expected[name], np.float64))
            np.maximum(moved[name], np.where(np.isfinite(apart), FACTOR * apart, 0.0), out=moved[name])
    return moved


def _nudged(value: npt.NDArray[np.generic], rng: np.random.Generator) -> npt.NDArray[np.generic]:
    """Every float one last bit up or down."""
    if value.dtype.kind != "f":
        return value
    signs = rng.choice((-_LAST_BIT, _LAST_BIT), value.shape)
    nudged: npt.NDArray[np.generic] = (value + value * signs).astype(value.dtype)
    return nudged
