"""The loss: how much a TD error costs."""

from __future__ import annotations

from typing import Protocol

import tensorflow as tf

from rlkit import Tensor, TensorSpec, returns


def _value(td_error: Tensor) -> TensorSpec:
    return tf.TensorSpec(td_error.shape, tf.float32)


@returns(value=_value)
class Loss(Protocol):
    """A function of the TD error, as parameters. With state of its own it has `build(spaces)`."""

    def value(self, td_error: Tensor) -> Tensor:
        """Elementwise, float32 (B,) to (B,); least at 0, with a gradient (graph code)."""
