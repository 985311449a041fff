"""Exploration by value differences (VDBE; Tokic, 2010): ε follows the TD errors near an observation."""

from __future__ import annotations

import tensorflow as tf

from outside_parts.buckets import bucket_of
from rlkit import any_action, component, greedy, parameter


@component
class ValueDifferences:
    """ε-greedy with an ε for each bucket of observations, which learning's surprises raise and lower."""

    sensitivity: float = parameter(default=1.0, doc="σ: TD errors much below it count as none", above=0)
    share: float = parameter(default=0.05, doc="δ: weight of one learning step", above=0, at_most=1)
    width: float = parameter(default=0.5, doc="of a cell of observations", above=0)
    buckets: int = parameter(default=64, doc="that cells are hashed into", at_least=1)

    def build(self, spaces):
        return Following(self)


class Following:
    def __init__(self, policy):
        self.policy = policy
        self.epsilon = tf.Variable(tf.ones((policy.buckets,)))

    def select(self, values, seen, call):
        here = bucket_of(seen.observation, self.policy.width, self.policy.buckets)
        epsilon = tf.reduce_sum(here * self.epsilon, axis=-1)
        explores = call.noise.uniform(epsilon.shape) < epsilon
        return tf.where(explores, any_action(seen.allowed, call.noise), greedy(values, seen.allowed))

    def learned(self, td_error, steps, call):
        surprise = tf.tanh(tf.abs(td_error) / (2.0 * self.policy.sensitivity))  # (1 − e⁻ˣ) / (1 + e⁻ˣ)
        rows = bucket_of(steps.observation, self.policy.width, self.policy.buckets)
        count = tf.reduce_sum(rows, axis=0)
        mean = tf.reduce_sum(rows * tf.reshape(surprise, (-1, 1)), axis=0) / tf.maximum(count, 1.0)
        share = self.policy.share * tf.minimum(count, 1.0)
        self.epsilon.assign(share * mean + (1.0 - share) * self.epsilon)

    def report(self, progress):
        return {"epsilon": tf.reduce_mean(self.epsilon)}
