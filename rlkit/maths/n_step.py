"""n-step returns."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from rlkit.contracts.data import Sample
from rlkit.contracts.tensor import Tensor


class NStep(NamedTuple):
    """What a row's first action is worth: `reward + discount · value(next_observation)`."""

    reward: Tensor
    """(B,) float32, of the row's valid steps, each discounted to the first."""
    discount: Tensor
    """(B,) float32: γ to the power of the row's valid steps; 0 where the last of them terminated."""
    next_observation: Tensor
    """(B, *o), after the last valid step: the one that a truncated episode ended with, too."""
    next_allowed: Tensor
    """(B, n) bool, at that observation."""


def n_step(sample: Sample, gamma: float | Tensor) -> NStep:
    """Σ_k γᵏ r_k over the valid steps of each row, and what is bootstrapped after them.

    Sutton and Barto (2018), section 7.1. A row is as long as the agent's `Sampling` says, and shorter where an episode
    or what is stored ends within it: then fewer steps count, and the discount is that of those.

    Args:
        sample: (B, T, …), without steps before.
        gamma: discount of what a step later is worth, a number or a float32 scalar.
    """
    steps = sample.steps
    rows, length = steps.reward.shape
    if length == 1:
        # Squeezed, not sliced: LiteRT reshapes for nothing what it would copy.
        discount = gamma * (1.0 - tf.cast(steps.terminated[:, 0], tf.float32))
        return NStep(
            steps.reward[:, 0], discount, tf.squeeze(steps.next_observation, 1), tf.squeeze(steps.next_allowed, 1)
        )
    valid = tf.cast(sample.valid, tf.float32)
    if isinstance(gamma, (int, float)):
        powers = tf.constant([gamma**place for place in range(length)], tf.float32)
    else:
        powers = tf.pow(gamma, tf.range(length, dtype=tf.float32))
    reward = tf.reduce_sum(valid * steps.reward * powers, axis=1)
    last = tf.reduce_sum(tf.cast(sample.valid, tf.int32), axis=1) - 1
    at_last = tf.one_hot(last, length)
    goes_on = 1.0 - tf.reduce_sum(at_last * tf.cast(steps.terminated, tf.float32), axis=1)
    discount = tf.reduce_sum(at_last * gamma * powers, axis=1) * goes_on
    places = tf.range(rows) * length + last
    return NStep(reward, discount, _at(steps.next_observation, places), _at(steps.next_allowed, places))


def _at(column: Tensor, places: Tensor) -> Tensor:
    """(B, T, …) at places (B,) of its B · T rows."""
    return tf.gather(tf.reshape(column, (-1, *column.shape[2:])), places)
