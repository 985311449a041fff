"""Rows of steps as a ring hands them over: some begin late, some end early, by an end or at the newest step."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import Sample, Step

GAMMA, WIDTH, ACTIONS = 0.9, 3, 2
_STRETCHES = ((0, 0), (1, 1), (2, 0), (0, 2), (2, 4), (1, 3))
"""By row: steps before that are not valid, and steps at the end."""
ENDS = ("none", "terminated", "none", "truncated", "terminated", "truncated")


def rows(before, length, *, state=None, seed=0, rubbish=0):
    """Rows whose next observation is the next step's observation where that is valid; `state` is stored with each.

    Args:
        before: steps of burn-in.
        length: steps after them.
        state: units of a stored state, None for none.
        seed: of what is valid.
        rubbish: of what is not.
    """
    count, steps = len(_STRETCHES), before + length
    valid = np.zeros((count, steps), bool)
    for row, (late, early) in enumerate(_STRETCHES):
        valid[row, min(late, before) : max(steps - early, before + 1)] = True
    rng, other = np.random.default_rng(seed), np.random.default_rng(1000 + rubbish)

    def drawn(shape, draw):
        keep = valid.reshape(*valid.shape, *[1] * len(shape))
        return np.where(keep, draw(rng, (count, steps, *shape)), draw(other, (count, steps, *shape)))

    def normal(source, shape):
        return source.normal(size=shape).astype(np.float32)

    def action(source, shape):
        return source.integers(0, ACTIONS, shape).astype(np.int32)

    observation, following = drawn((WIDTH,), normal), drawn((WIDTH,), normal)
    on = valid[:, 1:] & valid[:, :-1]
    following[:, :-1] = np.where(on[..., None], observation[:, 1:], following[:, :-1])
    ends = {name: drawn((), lambda source, shape: source.random(shape) < 0.5) for name in ("terminated", "truncated")}
    for row, end in enumerate(ENDS):
        last = np.flatnonzero(valid[row])[-1]
        for name, column in ends.items():
            column[row, valid[row]] = False
            column[row, last] = name == end
    columns = Step(
        observation=observation,
        action=drawn((), action),
        reward=drawn((), normal),
        **ends,
        next_observation=following,
        extras={"previous_action": drawn((), action), "previous_reward": drawn((), normal)},
        allowed=np.ones((count, steps, ACTIONS), bool),
        next_allowed=np.ones((count, steps, ACTIONS), bool),
    )
    for name, after in (("previous_action", columns.action), ("previous_reward", columns.reward)):
        before_it = columns.extras[name]
        before_it[:, 1:] = np.where(on, after[:, :-1], before_it[:, 1:])
    if state is not None:
        columns.extras["state_000"] = drawn((state,), normal)
    weight = np.linspace(0.2, 1.0, count, dtype=np.float32)
    made = Step(*tf.nest.map_structure(tf.constant, tuple(columns)))
    return Sample(made, tf.constant(valid), tf.range(count, dtype=tf.int64), tf.constant(weight))


def n_step_by_hand(sample, row, time, steps):
    """Σ γᵏ r over up to so many valid steps, what multiplies the value after them, and the last one's place."""
    reward, power, last = 0.0, 1.0, time
    for place in range(time, min(time + steps, sample.valid.shape[1])):
        if not sample.valid[row, place]:
            break
        reward += power * float(sample.steps.reward[row, place])
        power *= GAMMA
        last = place
    return reward, 0.0 if sample.steps.terminated[row, last] else power, last
