"""Temporally extended ε-greedy exploration at work."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import Call, Seen, Tensor, any_action, greedy
from rlkit_dqn.explorations.ez_greedy import EZGreedy


class Repeating:
    """What is being repeated in each environment, and for how many more steps."""

    def __init__(self, policy: EZGreedy, environments: int) -> None:
        self.policy = policy
        self.action = tf.Variable(tf.zeros((environments,), tf.int32))
        self.left = tf.Variable(tf.zeros((environments,), tf.int32))
        weights = np.arange(1, policy.most + 1, dtype=np.float64) ** -policy.mu
        # The last of the cumulative probabilities is 1, which no uniform number reaches.
        self.bounds = (np.cumsum(weights) / weights.sum())[:-1].astype(np.float32)

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration.select`. Where a repeat's action is not allowed, the greedy one stands in for it."""
        noise, (rows, actions) = call.noise, values.shape
        going = self.left > 0
        begins = ~going & (noise.uniform((rows,)) < self.policy.epsilon(call.progress))
        # By counting, since LiteRT has no search in a sorted table.
        passed = noise.uniform((rows, 1)) >= self.bounds
        more = tf.reduce_sum(tf.cast(passed, tf.int32), axis=1)
        tried = any_action(seen.allowed, noise)
        repeated = tf.where(begins, tried, self.action)
        can = tf.reduce_any(seen.allowed & tf.equal(tf.range(actions), tf.reshape(repeated, (rows, 1))), axis=-1)
        chosen = tf.where((begins | going) & can, repeated, greedy(values, seen.allowed))
        self.action.assign(repeated)
        self.left.assign(tf.where(begins, more, tf.maximum(self.left - 1, 0)))
        return chosen
