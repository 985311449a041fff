"""Temporally extended ε-greedy exploration at work."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import Noise, Progress, Tensor
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

    def select(self, q_values: Tensor, noise: Noise, progress: Progress) -> Tensor:
        """See `Exploration.select`."""
        rows, actions = q_values.shape
        going = self.left > 0
        begins = ~going & (noise.uniform((rows,)) < self.policy.epsilon(progress))
        # By counting, since LiteRT has no search in a sorted table.
        passed = noise.uniform((rows, 1)) >= self.bounds
        more = tf.reduce_sum(tf.cast(passed, tf.int32), axis=1)
        tried = tf.cast(noise.integers((rows,), actions), tf.int32)
        repeated = tf.where(begins, tried, self.action)
        chosen = tf.where(begins | going, repeated, tf.argmax(q_values, axis=-1, output_type=tf.int32))
        self.action.assign(repeated)
        self.left.assign(tf.where(begins, more, tf.maximum(self.left - 1, 0)))
        return chosen
