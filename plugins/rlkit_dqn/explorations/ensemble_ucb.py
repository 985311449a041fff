"""Upper confidence bounds from an ensemble."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, Schedule, Seen, Tensor, component, greedy, parameter, value_of


@component
class EnsembleUCB:
    """The action of greatest mean + c · standard deviation over the members of the head `ensemble`.

    Chen et al. (2017), "UCB exploration via Q-ensembles". Nothing is random.
    """

    of_members = True

    c: float | Schedule = parameter(
        default=0.1, doc="weight of the standard deviation; 0 is greedy", at_least=0, source="Chen et al., 2017"
    )

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration.select`."""
        return greedy(self._bounds(values, seen, call), seen.allowed)

    def probabilities(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration`: 1 for the action of the greatest bound."""
        return tf.one_hot(self.select(values, seen, call), values.shape[-1])

    def _bounds(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        # What is far below all others has a deviation by rounding alone, as great as it is far: 0 stands in for it.
        values = tf.where(tf.expand_dims(seen.allowed, 1), values, 0.0)
        return upper_bounds(values, value_of(self.c, call.progress))


def upper_bounds(values: Tensor, c: Tensor | float) -> Tensor:
    """μ + c σ over the members: (B, K, n) to (B, n) float32. Chen et al. (2017)."""
    mean = tf.reduce_mean(values, axis=1, keepdims=True)
    deviation = tf.sqrt(tf.reduce_mean(tf.square(values - mean), axis=1))
    return tf.squeeze(mean, 1) + c * deviation
