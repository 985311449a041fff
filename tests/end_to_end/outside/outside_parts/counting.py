"""Upper confidence bounds from counts of what was observed."""

from __future__ import annotations

import tensorflow as tf

from outside_parts.buckets import bucket_of
from rlkit import component, greedy, parameter


@component
class UpperConfidence:
    """The action of greatest Q + bonus · sqrt(log t / n), n counting how often it was taken near this observation."""

    bonus: float = parameter(default=1.0, doc="in units of Q", at_least=0)
    width: float = parameter(default=0.5, doc="of a cell of observations", above=0)
    buckets: int = parameter(default=64, doc="that cells are hashed into", at_least=1)

    def build(self, spaces):
        return Counting(self, spaces.action.n)


class Counting:
    def __init__(self, policy, actions):
        self.policy = policy
        self.counts = tf.Variable(tf.zeros((policy.buckets, actions)))

    def select(self, values, seen, call):
        here = bucket_of(seen.observation, self.policy.width, self.policy.buckets)
        counts = tf.matmul(here, self.counts)
        total = tf.reduce_sum(counts, axis=-1, keepdims=True)
        spread = tf.sqrt(tf.math.log(total + 1.0) / (counts + 1.0))
        action = greedy(values + self.policy.bonus * spread, seen.allowed)
        self.counts.assign_add(tf.matmul(here, tf.one_hot(action, values.shape[-1]), transpose_a=True))
        return action

    def report(self, progress):
        return {"counted": tf.reduce_sum(self.counts)}
