"""ReLU that every backend keeps."""

from __future__ import annotations

from typing import cast

import tensorflow as tf

from rlkit.contracts.tensor import Tensor


def relu(x: Tensor) -> Tensor:
    """max(x, 0), elementwise, with gradient 1 where x > 0 and 0 elsewhere.

    `tf.nn.relu` on a product without a bias is dropped by LiteRT without a word, and its gradient does not convert.
    """
    return cast(Tensor, _relu(x))


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _relu(x: Tensor) -> tuple[Tensor, object]:
    zero = tf.zeros_like(x)
    return tf.where(x > 0, x, zero), lambda upstream: tf.where(x > 0, upstream, tf.zeros_like(upstream))
