"""VDBE at work."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Call, Discrete, Progress, Seen, Spaces, Step, Tensor, Variable, any_action, greedy, value_of
from rlkit_dqn.explorations.epsilon_greedy import shares
from rlkit_dqn.explorations.simhash import SimHash
from rlkit_dqn.explorations.vdbe import VDBE


class ValueDifferences:
    """An ε for each cell of observations, or one for all."""

    def __init__(self, policy: VDBE, spaces: Spaces) -> None:
        assert isinstance(spaces.action, Discrete)
        self.sigma = policy.sigma
        self.delta = 1.0 / spaces.action.n if policy.delta is None else policy.delta
        self.hash = None if policy.bits is None else SimHash(spaces.observation, policy.bits)
        self.epsilon: Variable = tf.Variable(tf.ones((1 if policy.bits is None else 2**policy.bits,)), trainable=False)

    def begin(self, call: Call) -> None:
        """Divide observations into cells."""
        if self.hash is not None:
            self.hash.begin(call)

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration.select`."""
        explores = call.noise.uniform((values.shape[0],)) < self._epsilon(seen.observation)
        return tf.where(explores, any_action(seen.allowed, call.noise), greedy(values, seen.allowed))

    def probabilities(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration`: as ε-greedy, with the ε of each observation."""
        return shares(tf.reshape(self._epsilon(seen.observation), (-1, 1)), values, seen.allowed)

    def learned(self, td_error: Tensor, steps: Step, call: Call) -> None:
        """Each ε moves towards the mean surprise of the rows in its cell; those without rows stay."""
        sigma = value_of(self.sigma, call.progress)
        surprise = tf.tanh(tf.abs(td_error) / (2.0 * sigma))  # (1 − e⁻ˣ) / (1 + e⁻ˣ), x twice the argument
        cells, count = self._cells(steps.observation), self.epsilon.shape[0]
        rows = tf.math.unsorted_segment_sum(tf.ones_like(surprise), cells, count)
        mean = tf.math.unsorted_segment_sum(surprise, cells, count) / tf.maximum(rows, 1.0)
        share = self.delta * tf.minimum(rows, 1.0)
        self.epsilon.assign(share * mean + (1.0 - share) * self.epsilon)

    def report(self, progress: Progress) -> dict[str, Any]:
        """ε, the mean over the cells that have learned anything: in the others it is still 1."""
        learned = tf.cast(self.epsilon < 1.0, tf.float32)
        count = tf.reduce_sum(learned)
        mean = tf.reduce_sum(learned * self.epsilon) / tf.maximum(count, 1.0)
        return {"epsilon": tf.where(count > 0.0, mean, 1.0)}

    def _cells(self, observation: Tensor) -> Tensor:
        if self.hash is None:
            return tf.zeros((observation.shape[0],), tf.int32)
        return self.hash.cells(observation)

    def _epsilon(self, observation: Tensor) -> Tensor:
        """(B,)."""
        return tf.gather(self.epsilon, self._cells(observation))
