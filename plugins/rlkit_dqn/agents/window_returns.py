"""Targets that follow the steps of a recorded window: Q(λ) and its kin."""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from rlkit import Call, Nest, NStep, Sample, Step, Tensor, n_step
from rlkit_dqn.agents.following import first_of
from rlkit_dqn.agents.lambda_returns import backwards
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.contracts.head import Rows
from rlkit_dqn.contracts.loss import Loss
from rlkit_dqn.contracts.returns import Following, Returns


def window_returns(
    part: Returns,
    sample: Sample,
    gamma: float | Tensor,
    bootstrapped: Callable[[Step, NStep, Sample, Sample], tuple[Tensor, Backup]],
    whole: Sample,
    call: Call,
) -> Tensor:
    """What each row's first action is worth by the steps of its window: (B,) float32.

    Args:
        part: how far steps are followed.
        sample: (B, T, …), T above 1.
        gamma: discount of what a step later is worth, a number or a float32 scalar.
        bootstrapped: from R steps, what follows each, and rows that say of each what `following.with_needs` asks, to
            the target network's action values (R, n) after them and the bootstrap's answer.
        whole: as the sample, with a step more where the bootstrap needs the next action.
        call: that of `learn`.
    """
    rows, length = sample.valid.shape
    alone = one_by_one(sample)
    ahead = n_step(alone, gamma)
    values, (policy, bonus, next_bonus) = bootstrapped(first_of(alone.steps), ahead, pairs(whole, length), alone)
    value = tf.reduce_sum(policy * (values + next_bonus), axis=-1)
    # Chosen here and below, not multiplied: what is not stored may be anything.
    one_step = tf.where(sample.valid, tf.reshape(ahead.reward + bonus + ahead.discount * value, (rows, length)), 0.0)
    trace = part.trace(
        Following(
            action=tf.reshape(sample.steps.action[:, 1:], (-1,)),
            policy=_but_last(policy, rows),
            values=_but_last(values, rows),
            value=_but_last(value, rows),
        ),
        call,
    )
    follows = sample.valid[:, 1:]
    shape = (rows, length - 1)
    linked = tf.where(follows, tf.reshape(_but_last(ahead.discount, rows) * trace.decay, shape), 0.0)
    goals = backwards(one_step, linked, tf.where(follows, tf.reshape(trace.replaced, shape), 0.0))
    return goals[0]


def one_by_one(sample: Sample) -> Sample:
    """Each step of a row as a row of its own: (B, T, …) to (B · T, 1, …)."""
    columns = tf.nest.map_structure(_alone, tuple(sample.steps))
    rows, length = sample.valid.shape
    return sample._replace(steps=Step(*columns), valid=tf.ones((rows * length, 1), tf.bool))


def pairs(whole: Sample, length: int) -> Sample:
    """Of each of a row's first `length` steps, its action and the next one's, where `whole` has that: (B · T, 2)."""
    rows, steps = whole.valid.shape
    action, valid = whole.steps.action, whole.valid
    if steps == length:
        action = tf.concat([action, tf.zeros((rows, 1), action.dtype)], axis=1)
        valid = tf.concat([valid, tf.zeros((rows, 1), tf.bool)], axis=1)
    both = tf.reshape(tf.stack([action[:, :length], action[:, 1:]], axis=2), (-1, 2))
    there = tf.reshape(tf.stack([tf.ones((rows, length), tf.bool), valid[:, 1:]], axis=2), (-1, 2))
    return whole._replace(steps=whole.steps._replace(action=both), valid=there)


def settled(out: Nest, values: Tensor, action: Tensor, goal: Tensor, loss: Loss | None) -> Rows:
    """Rows whose targets are known: nothing is bootstrapped."""
    still = tf.nest.map_structure(tf.stop_gradient, out)
    return Rows(out, action, goal, tf.zeros_like(goal), still, Backup(tf.one_hot(action, values.shape[-1])), loss)


def _alone(column: Tensor) -> Tensor:
    return tf.reshape(column, (-1, 1, *column.shape[2:]))


def _but_last(column: Tensor, rows: int) -> Tensor:
    """(B · T, …) to (B · (T − 1), …), each row's last step left out."""
    windows = tf.reshape(column, (rows, -1, *column.shape[1:]))
    return tf.reshape(windows[:, :-1], (-1, *column.shape[1:]))
