"""The Huber loss."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Tensor, component, parameter


@component
class Huber:
    """Quadratic near 0, linear beyond: ½δ² where |δ| ≤ threshold, else threshold · (|δ| − ½ threshold).

    Huber (1964). With threshold 1 its gradient is the TD error clipped to ±1, as in Mnih et al. (2015).
    """

    threshold: float = parameter(
        default=1.0,
        doc="absolute TD error from which the loss is linear",
        above=0,
        source="Mnih et al., 2015 (error clipping)",
    )

    def value(self, td_error: Tensor) -> Tensor:
        """See `Loss.value`."""
        size = tf.abs(td_error)
        linear = self.threshold * (size - 0.5 * self.threshold)
        return tf.where(size <= self.threshold, 0.5 * tf.square(td_error), linear)
