"""How unlikely what was done is under a softmax of action values."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Tensor


def surprise_of_action(values: Tensor, action: Tensor) -> Tensor:
    """log Σ_b exp v(b) − v(a), which is −log softmax(v)(a): (B,) float32 of (B, n) float32 and (B,) int32."""
    taken = tf.reduce_sum(tf.one_hot(action, values.shape[-1]) * values, axis=-1)
    return tf.reduce_logsumexp(values, axis=-1) - taken
