"""A row's first step, and what is known of the step after its n steps, for bootstraps that ask for it."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Call, NStep, Sample, Seen, Step, Tensor
from rlkit_dqn.contracts.bootstrap import Estimates


def first_of(steps: Step) -> Step:
    """The first step of each row: (B, T, …) to (B, …)."""
    # Squeezed where that can be, not sliced: LiteRT reshapes for nothing what it would copy.
    alone = steps.reward.shape[1] == 1
    return Step(*tf.nest.map_structure(lambda column: tf.squeeze(column, 1) if alone else column[:, 0], tuple(steps)))


def shortened(sample: Sample, length: int) -> Sample:
    """The first `length` steps of each row: (B, T, …) to (B, length, …)."""
    if sample.valid.shape[1] == length:
        return sample
    steps = Step(*tf.nest.map_structure(lambda column: column[:, :length], tuple(sample.steps)))
    return sample._replace(steps=steps, valid=sample.valid[:, :length])


def next_action(sample: Sample, ahead: NStep, length: int) -> Tensor:
    """(B,) int32: what was done at `ahead.next_observation`, the step after the row's valid ones of `length`.

    -1 where that step is not stored or belongs to another episode, and for an action that is forbidden there.

    Args:
        sample: (B, length + 1, …).
        ahead: of its first `length` steps.
        length: static.
    """
    counted = tf.cast(sample.valid, tf.int32)
    at_next = tf.one_hot(tf.reduce_sum(counted[:, :length], axis=1), length + 1, dtype=tf.int32)
    action = tf.reduce_sum(at_next * sample.steps.action, axis=1)
    taken = tf.reduce_sum(at_next * counted, axis=1) > 0
    return where_taken(action, taken, ahead.next_allowed)


def where_taken(action: Tensor, taken: Tensor, allowed: Tensor) -> Tensor:
    """(B,) int32 where (B,) bool says so, and (B, n) bool allows it; else -1."""
    allowed = tf.cast(allowed, tf.float32)
    can = tf.reduce_sum(allowed * tf.one_hot(action, allowed.shape[-1]), axis=-1) > 0.0
    return tf.where(taken & can, action, -1)


def next_seen(sample: Sample, ahead: NStep) -> Seen:
    """What the agent saw, or would have seen, at `ahead.next_observation`: after the last valid step of each row."""
    steps, length = sample.steps, sample.valid.shape[1]
    last = tf.one_hot(tf.reduce_sum(tf.cast(sample.valid, tf.int32), axis=1) - 1, length)
    reward = tf.reduce_sum(last * steps.reward, axis=1)
    return Seen(
        observation=ahead.next_observation,
        first=tf.zeros(sample.valid.shape[:1], tf.bool),
        previous_action=tf.reduce_sum(tf.cast(last, tf.int32) * steps.action, axis=1),
        previous_reward=reward,
        allowed=ahead.next_allowed,
        last_reward=reward,
    )


def with_needs(
    estimates: Estimates, exploration: Any, sample: Sample, ahead: NStep, action: Tensor | None, call: Call
) -> Estimates:
    """With what only some bootstraps ask for; `action` is the next one, None where it is not needed."""
    if hasattr(exploration, "probabilities"):
        exploring = exploration.probabilities(estimates.next_online, next_seen(sample, ahead), call)
        estimates = estimates._replace(next_exploring=exploring)
    return estimates._replace(next_action=action)
