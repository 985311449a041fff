"""Temporally extended ε-greedy exploration."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit import Exploration, Noise, Progress, Spaces, Tensor, component, parameter
from rlkit_dqn.explorations.epsilon import Epsilon


@component
class EZGreedy(Epsilon):
    """With probability ε a random action, repeated for a random while; else the action of greatest value.

    Dabney, Ostrovski and Barreto (2021), "Temporally-extended ε-greedy exploration". A repeat lasts n steps with
    probability proportional to n^−mu, n from 1 to `most`, across the ends of episodes; ε is asked only when none is
    under way, so more than a share ε of the steps are random. ε is as in epsilon_greedy.
    """

    mu: float = parameter(
        default=2.0,
        doc="exponent of the zeta distribution of durations; the smaller, the longer they are",
        above=1,
        source="Dabney et al., 2021",
    )
    most: int = parameter(default=1000, doc="steps of the longest repeat", at_least=1, at_most=10_000)

    def build(self, spaces: Spaces) -> Exploration:
        """The policy with a repeat of its own for each environment."""
        return _Repeating(self, spaces.environments)

    def durations(self) -> npt.NDArray[np.float64]:
        """The probability of a duration of 1, 2, … `most` steps."""
        weights = np.arange(1, self.most + 1, dtype=np.float64) ** -self.mu
        shares: npt.NDArray[np.float64] = weights / weights.sum()
        return shares


class _Repeating:
    """What is being repeated in each environment, and for how many more steps."""

    def __init__(self, policy: EZGreedy, environments: int) -> None:
        self.policy = policy
        self.action = tf.Variable(tf.zeros((environments,), tf.int32))
        self.left = tf.Variable(tf.zeros((environments,), tf.int32))
        # The last of the cumulative probabilities is 1, which no uniform number reaches.
        self.bounds = np.cumsum(policy.durations())[:-1].astype(np.float32)

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

    def report(self, progress: Progress) -> dict[str, Tensor]:
        """ε now."""
        return self.policy.report(progress)
