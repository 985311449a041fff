"""Upper confidence bounds at work."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Call, Discrete, Progress, Seen, Spaces, Tensor, Variable, greedy, value_of
from rlkit_dqn.explorations.count_ucb import CountUCB
from rlkit_dqn.explorations.simhash import SimHash


class Counting:
    """How often each action was taken in each cell of observations, over all environments."""

    def __init__(self, policy: CountUCB, spaces: Spaces) -> None:
        assert isinstance(spaces.action, Discrete)
        self.c, self.actions = policy.c, spaces.action.n
        self.hash = SimHash(spaces.observation, policy.bits)
        # One axis, since LiteRT adds along one index.
        self.counts: Variable = tf.Variable(tf.zeros((2**policy.bits * self.actions,)), trainable=False)

    def begin(self, call: Call) -> None:
        """Divide observations into cells."""
        self.hash.begin(call)

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration.select`. What is chosen is counted; environments that act at once do not see each other."""
        cells = self.hash.cells(seen.observation)
        action = self._best(cells, values, seen, call)
        places = tf.reshape(cells * self.actions + action, (-1, 1))
        self.counts.assign(tf.tensor_scatter_nd_add(self.counts, places, tf.ones((values.shape[0],))))
        return action

    def probabilities(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration`: 1 for the action of the greatest bound."""
        return tf.one_hot(self._best(self.hash.cells(seen.observation), values, seen, call), self.actions)

    def report(self, progress: Progress) -> dict[str, Any]:
        """Cells of observations in which an action was taken."""
        visits = tf.reduce_sum(tf.reshape(self.counts, (-1, self.actions)), axis=-1)
        return {"cells": tf.reduce_sum(tf.minimum(visits, 1.0))}

    def _best(self, cells: Tensor, values: Tensor, seen: Seen, call: Call) -> Tensor:
        counts = tf.gather(tf.reshape(self.counts, (-1, self.actions)), cells)
        return greedy(
            upper_bounds(values, counts, value_of(self.c, call.progress)), first_allowed(counts, seen.allowed)
        )


def upper_bounds(values: Tensor, counts: Tensor, c: Tensor) -> Tensor:
    """Q + c √(log t / n), t the sum of n over the actions: (B, n) each, float32.

    Of an action that was never taken it means nothing.
    """
    total = tf.maximum(tf.reduce_sum(counts, axis=-1, keepdims=True), 1.0)
    return values + c * tf.sqrt(tf.math.log(total) / tf.maximum(counts, 1.0))


def first_allowed(counts: Tensor, allowed: Tensor) -> Tensor:
    """The allowed actions that were never taken, or all allowed ones where there are none: (B, n) bool."""
    untaken = allowed & tf.equal(counts, 0.0)
    return tf.where(tf.reduce_any(untaken, axis=-1, keepdims=True), untaken, allowed)
