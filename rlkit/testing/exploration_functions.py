"""An exploration policy's methods as graph functions that return what it returned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from rlkit.contracts.data import Call, Step
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.maths.actions import masked
from rlkit.programs.functions import with_call
from rlkit.programs.program import GraphFunction, Outputs
from rlkit.programs.seeing import seen_from, seen_inputs
from rlkit.testing.verdict import demand, shown

ROWS = 6
"""Steps that an agent has learned from."""


def select_function(part: Any, spaces: Spaces) -> GraphFunction:
    """Output `action`; values are masked before, as an agent does."""

    def select(call: Call, values: Tensor, **given: Tensor) -> Outputs:
        seen = seen_from(given, spaces)
        return {"action": part.select(_masked(values, seen.allowed), seen, call)}

    return with_call("select", select, (_values(part, spaces), *seen_inputs(spaces)))


def tries_function(part: Any, spaces: Spaces) -> GraphFunction:
    """Outputs `where` and `which`."""

    def tries(call: Call, **given: Tensor) -> Outputs:
        where, which = part.tries(seen_from(given, spaces), call)
        return {"where": tf.ensure_shape(where, (spaces.environments,)), "which": which}

    return with_call("tries", tries, seen_inputs(spaces))


def probabilities_function(part: Any, spaces: Spaces) -> GraphFunction:
    """Output `probabilities`."""

    def probabilities(call: Call, values: Tensor, **given: Tensor) -> Outputs:
        seen = seen_from(given, spaces)
        return {"probabilities": part.probabilities(_masked(values, seen.allowed), seen, call)}

    return with_call("probabilities", probabilities, (_values(part, spaces), *seen_inputs(spaces)))


def learned_function(part: Any, spaces: Spaces) -> GraphFunction:
    """Output `heard`, which means nothing."""
    space = spaces.observation
    inputs = (
        tf.TensorSpec((ROWS,), tf.float32, name="td_error"),
        tf.TensorSpec((ROWS, *space.shape), space.dtype, name="observation"),
        tf.TensorSpec((ROWS,), tf.int32, name="action"),
    )

    def learned(call: Call, td_error: Tensor, observation: Tensor, action: Tensor) -> Outputs:
        allowed = tf.constant(True, shape=(ROWS, _actions(spaces)))
        no = tf.zeros((ROWS,), tf.bool)
        steps = Step(observation, action, td_error, no, no, observation, {}, allowed, allowed)
        answer = part.learned(td_error, steps, call)
        demand(answer is None, f"{type(part).__name__}.learned", "assignments, and nothing returned", shown(answer))
        return {"heard": tf.constant(True)}

    return with_call("learned", learned, inputs)


OPTIONAL: Mapping[str, Any] = {"probabilities": probabilities_function, "learned": learned_function}
"""Methods that a policy may have, beside `tries`."""

MEMBERS = 3
"""Of a head whose members' values a policy compares, if it says `of_members`."""


def values_shape(part: Any, spaces: Spaces) -> tuple[int, ...]:
    """Of the action values that a working part is given: (B, n), or (B, K, n) for a policy `of_members`."""
    members = (MEMBERS,) if getattr(part, "of_members", False) else ()
    return (spaces.environments, *members, _actions(spaces))


def _actions(spaces: Spaces) -> int:
    assert isinstance(spaces.action, Discrete)
    return spaces.action.n


def _values(part: Any, spaces: Spaces) -> TensorSpec:
    return tf.TensorSpec(values_shape(part, spaces), tf.float32, name="values")


def _masked(values: Tensor, allowed: Tensor) -> Tensor:
    return masked(values, tf.expand_dims(allowed, 1) if values.shape.rank == 3 else allowed)
