"""Acting without observing: which actions are tried whatever an agent observes, asked before its network is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.agent import Learner
from rlkit.contracts.data import Call
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.programs.functions import with_call
from rlkit.programs.program import GraphFunction, Outputs
from rlkit.programs.seeing import as_actions, seen_from, seen_inputs

Example = Callable[[TensorSpec, np.random.Generator, int], npt.NDArray[Any]]

_LARGE = 10_000
"""Weights that `act` reads. With fewer it takes no longer in LiteRT than a call that might leave it out."""
_ROUNDS = 32
"""Calls in which the actions that are tried are compared with those that `act` chooses."""


def tried_actions(learner: Learner, spaces: Spaces, act: GraphFunction, example: Example) -> list[GraphFunction]:
    """The learner's `tries` as a function, if it has one and the stepwise loop may ask it in place of `act`.

    It may if `act` is large, carries no memory and stores no extras, if `tries` uses no variables and the noise of
    `act`, and if the actions of both are found equal: a part may have inherited `tries` and choose otherwise.
    """
    if not hasattr(learner, "tries") or len(act.traced.structured_outputs) > 1:
        return []
    if sum(variable.shape.num_elements() for variable in act.traced.graph.variables) < _LARGE:
        return []

    def body(call: Call, **given: Tensor) -> Outputs:
        tried = learner.tries(seen_from(given, spaces), call)
        if tried is None:
            return {}
        where, action = tried
        return {
            "action": as_actions(action, spaces),
            "all_tried": tf.reduce_all(tf.ensure_shape(where, (spaces.environments,))),
        }

    tries = with_call("tries", body, seen_inputs(spaces))
    served = tries.traced.structured_outputs and not tries.traced.graph.variables and tries.noise == act.noise
    return [tries] if served and _equal(tries, act, example) else []


def _equal(tries: GraphFunction, act: GraphFunction, example: Example) -> bool:
    """Whether wherever all actions are tried, they are those of `act`; from early to late in a run."""
    rng = np.random.default_rng(0)
    for turn in range(_ROUNDS):
        inputs = {spec.name: tf.constant(example(spec, rng, turn), spec.dtype) for spec in act.inputs}
        tried = tries.traced(**{spec.name: inputs[spec.name] for spec in tries.inputs})
        if tried["all_tried"] and not np.array_equal(tried["action"], act.traced(**inputs)["action"]):
            return False
    return True
