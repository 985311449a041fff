"""Squared error."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Tensor, component


@component
class SquaredError:
    """The TD error squared, without a factor of ½: δ²."""

    def value(self, td_error: Tensor) -> Tensor:
        """See `Loss.value`."""
        return tf.square(td_error)
