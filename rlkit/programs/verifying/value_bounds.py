"""Whether what parts return while learning is within the bounds of their contracts, tried on examples."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.faults.part_error import PartError
from rlkit.programs.backends.comparison import ROUNDS
from rlkit.programs.guarding.guard import has_bounds
from rlkit.programs.guarding.watching import Noted, watching
from rlkit.programs.program import Outputs, Program
from rlkit.programs.state import parts_of
from rlkit.programs.tracing import trace

_SLACK = 1e-3
"""Relative to 1 and to the bound: sums of float32."""


def check_bounds(program: Program, learner: Any) -> None:
    """Learn from examples, and look at what the learner's parts return.

    Values that are not finite are passed over: observations at the far ends of their space may overflow.

    Args:
        program: the learner's. Its variables are those of the examples afterwards.
        learner: the working agent.

    Raises:
        PartError: for the first value that is out of bounds.
    """
    if not any(has_bounds(part) for _, part in parts_of(learner, "")):
        return
    learn = program.function("learn")
    assert learn is not None
    noted: list[Noted] = []

    def watched(**given: Tensor) -> Outputs:
        with watching() as seen:
            learn.call(**given)
        noted[:] = seen
        return {str(place): found.within.values for place, found in enumerate(seen)}

    traced = trace(watched, learn.specs())
    begin = {name: variable.numpy() for name, variable in program.variables.items()}
    rng = np.random.default_rng(0)
    for turn in range(ROUNDS):
        for name, value in begin.items():
            program.variables[name].assign(value)
        inputs = {spec.name: tf.constant(program.example(spec, rng, turn), spec.dtype) for spec in learn.inputs}
        found = traced(**inputs)
        for place, item in enumerate(noted):
            _check(item, found[str(place)].numpy())


def _check(noted: Noted, values: Any) -> None:
    what, _, low, high = noted.within
    beyond = values[np.isfinite(values) & ((values < low - _slack(low)) | (values > high + _slack(high)))]
    if beyond.size:
        raise _refused(noted, what, beyond[0], f"{low:g}" if low == high else f"{low:g} to {high:g}")


def _refused(noted: Noted, what: str, value: float, allowed: str) -> PartError:
    leaves = tf.nest.flatten(noted.returned)
    return noted.method.refused(f"returned {value:g} as {what}; allowed: {allowed}", leaves[0] if leaves else None)


def _slack(bound: float) -> float:
    return _SLACK * max(1.0, abs(bound))
