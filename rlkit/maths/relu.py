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
    # max(x, −0), since the converter makes an activation, which LiteRT may drop, of max(x, 0). In LiteRT comparing and
    # choosing take five times as long (`benchmarks/litert_operations.py`); so they do in the gradient.
    positive = tf.maximum(x, tf.constant(-0.0, x.dtype))
    return positive, lambda upstream: upstream * tf.math.ceil(tf.minimum(positive, tf.ones((), x.dtype)))
