"""A sample's rows as a network that remembers reads them: by time."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from rlkit import Nest, NStep, Sample, Step, Tensor
from rlkit_dqn.agents.following import where_taken

STATE, ACTION, REWARD = "state_", "previous_action", "previous_reward"
"""Names of what is stored with a step: the leaves of the state that it was acted from, and what came before it."""
NONE = -1
"""The action before an episode's first step."""


class Sequence(NamedTuple):
    """Rows by time: T steps, and what follows the last of them."""

    observation: Tensor
    """(T + 1, B, *o): what was observed. After a row's last valid step, what that step led to."""
    previous_action: Tensor
    """(T + 1, B) int32, -1 at an episode's beginning."""
    previous_reward: Tensor
    """(T + 1, B) float32, 0 there."""
    stored: tuple[Tensor, ...]
    """(T, B, …) each: the leaves of the state that each step was acted from."""
    begins: Tensor
    """(T, B) bool: a row's first valid step."""


def sequence_of(sample: Sample) -> Sequence:
    """Rows (B, T, …) by time. What is not valid, before or after a row's own steps, stays as it lies there."""
    steps, valid = sample.steps, tf.transpose(sample.valid)
    state = tuple(_by_time(steps.extras[name]) for name in sorted(steps.extras) if name.startswith(STATE))
    observation = _onwards(_by_time(steps.observation), _by_time(steps.next_observation), valid)
    action, reward = _by_time(steps.action), _by_time(steps.reward)
    if ACTION in steps.extras:
        before_action, before_reward = (_by_time(steps.extras[name]) for name in (ACTION, REWARD))
        action, reward = _onwards(before_action, action, valid), _onwards(before_reward, reward, valid)
    begins = valid & tf.concat([tf.ones_like(valid[:1]), ~valid[:-1]], 0)
    return Sequence(observation, action, reward, state, begins)


def windows_of(sample: Sample, steps: int) -> Sample:
    """A row of so many `steps` for each step of a sequence, by time: (B, T, …) to (T · B, steps, …).

    What would lie beyond the sequence, where its last step is repeated, or follows a step that is not valid, is not
    valid. Extras are left out.

    Args:
        sample: (B, T, …), without steps before.
        steps: in a row.
    """
    length = sample.valid.shape[1]

    def windows(column: Tensor, beyond: Tensor) -> Tensor:
        column = tf.concat([column, *[beyond] * (steps - 1)], 0)
        return tf.stack([_flat(column[place : place + length]) for place in range(steps)], axis=1)

    def repeating(column: Tensor) -> Tensor:
        column = _by_time(column)
        return windows(column, column[-1:])

    columns = sample.steps._replace(extras={})
    valid = tf.transpose(sample.valid)
    valid = windows(valid, tf.zeros_like(valid[:1]))
    return Sample(
        Step(*tf.nest.map_structure(repeating, tuple(columns))),
        tf.stack([tf.reduce_all(valid[:, : place + 1], axis=1) for place in range(steps)], axis=1),
        tf.tile(sample.slots, [length]),
        tf.tile(sample.weight, [length]),
    )


def next_actions(sample: Sample, places: Tensor, ahead: NStep) -> Tensor:
    """(N,) int32: what was done where each of N rows bootstraps; -1 where that is not known, or forbidden there.

    Args:
        sample: (B, T, …), without steps before.
        places: (N,) int32 in T · B by time.
        ahead: of the N rows.
    """
    action, valid = (tf.gather(_flat(_by_time(column)), places) for column in (sample.steps.action, sample.valid))
    return where_taken(action, valid, ahead.next_allowed)


def without_burn_in(sample: Sample, before: int) -> Sample:
    """The same rows without so many first steps."""
    steps = Step(*tf.nest.map_structure(lambda column: column[:, before:], tuple(sample.steps)))
    return sample._replace(steps=steps, valid=sample.valid[:, before:])


def between(nest: Nest, begin: int, end: int) -> Nest:
    """Steps `begin` to `end` of a nest by time."""
    return tf.nest.map_structure(lambda column: column[begin:end], nest)


def _by_time(column: Tensor) -> Tensor:
    """(B, T, …) to (T, B, …)."""
    return tf.transpose(column, (1, 0, *range(2, len(column.shape))))


def _onwards(column: Tensor, after: Tensor, valid: Tensor) -> Tensor:
    """(T, B, …) to (T + 1, B, …): each step's own where it is valid, else what the step before it led to."""
    keep = tf.reshape(valid[1:], (*valid[1:].shape, *[1] * (len(column.shape) - 2)))
    return tf.concat([column[:1], tf.where(keep, column[1:], after[:-1]), after[-1:]], 0)


def _flat(column: Tensor) -> Tensor:
    """(T, B, …) to (T · B, …)."""
    return tf.reshape(column, (-1, *column.shape[2:]))
