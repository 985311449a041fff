"""No exploration."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, Seen, Tensor, component, greedy


@component
class Greedy:
    """Always the action of greatest value; the first of equals."""

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration.select`."""
        return greedy(values, seen.allowed)

    def probabilities(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration`: 1 for the action of greatest value."""
        return tf.one_hot(greedy(values, seen.allowed), values.shape[-1])
