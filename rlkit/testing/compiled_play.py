"""Random play in a compiled environment as one XLA program."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.noise.drawn import DrawnNoise
from rlkit.noise.philox import stream_key
from rlkit.programs.backends.quiet import quiet_stderr
from rlkit.programs.examples import example_array
from rlkit.testing.environment_calls import EnvironmentCalls, Played, noise_inputs, state_in


def compiled_play(calls: EnvironmentCalls, steps: int, *, seed: int = 0) -> list[Played]:
    """So many random steps from episode to episode, in a `tf.while_loop` that XLA compiled.

    Raises:
        Exception: what XLA raises for code that it cannot compile.
    """
    actions = example_array(calls.spaces.action, (steps, *calls.action_shape), np.random.default_rng(seed))
    draws = []
    for function in (calls.reset, calls.step):
        drawn = DrawnNoise(stream_key(seed, function.name), function.noise)
        draws.append([drawn.at(turn) for turn in range(steps)])
    stacked = [tuple(np.stack(rows) for rows in zip(*drawn, strict=True)) for drawn in draws]

    def turn(last: Any, given: Any) -> Any:
        action, reset, noise = given
        fresh = calls.reset.traced(**noise_inputs(calls.reset, reset))
        known = {name: tf.where(last["over"], value, last["after"][name]) for name, value in fresh.items()}
        before, action = state_in(known), _allowed(action, known.get("allowed"))
        after = calls.step.traced(**before, action=action, **noise_inputs(calls.step, noise))
        return {"before": before, "action": action, "after": after, "over": after["terminated"] | after["truncated"]}

    def loop(actions: Tensor, resets: Any, noises: Any) -> Any:
        zeros = {name: tf.zeros(spec.shape, spec.dtype) for name, spec in calls.step.traced.structured_outputs.items()}
        start = {"before": state_in(zeros), "action": actions[0], "after": zeros, "over": tf.constant(True)}
        return tf.scan(turn, (actions, resets, noises), start)  # which is a tf.while_loop

    with quiet_stderr():
        seen = tf.function(loop, jit_compile=True, autograph=False)(tf.constant(actions), *stacked)
    before, after = ({name: rows.numpy() for name, rows in seen[when].items()} for when in ("before", "after"))
    played = seen["action"].numpy()
    return [
        Played(
            {name: rows[turn] for name, rows in before.items()},
            played[turn],
            draws[1][turn],
            {name: rows[turn] for name, rows in after.items()},
        )
        for turn in range(steps)
    ]


def _allowed(action: Tensor, allowed: Tensor | None) -> Tensor:
    """A random action of those that are allowed, from one of all: () int32; without a mask itself."""
    if allowed is None:
        return action
    count = tf.maximum(tf.reduce_sum(tf.cast(allowed, tf.int32)), 1)
    return tf.argsort(tf.cast(~allowed, tf.int32), stable=True)[action % count]
