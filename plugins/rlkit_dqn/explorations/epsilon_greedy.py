"""ε-greedy exploration."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Noise, Progress, Tensor, component
from rlkit_dqn.explorations.epsilon import Epsilon


@component
class EpsilonGreedy(Epsilon):
    """A random action with probability ε, else the action of greatest value.

    After k episodes ε = max(start · decayᵏ, end), or what `schedule` says. Watkins (1989); the decay by episode is
    the reference notebook's.
    """

    def select(self, q_values: Tensor, noise: Noise, progress: Progress) -> Tensor:
        """See `Exploration.select`."""
        environments, actions = q_values.shape
        explores, tried = self.tries(environments, actions, noise, progress)
        return tf.where(explores, tried, tf.argmax(q_values, axis=-1, output_type=tf.int32))

    def tries(self, environments: int, actions: int, noise: Noise, progress: Progress) -> tuple[Tensor, Tensor]:
        """See `Exploration`: with probability ε, any of the actions."""
        explores = noise.uniform((environments,)) < self.epsilon(progress)
        return explores, tf.cast(noise.integers((environments,), actions), tf.int32)
