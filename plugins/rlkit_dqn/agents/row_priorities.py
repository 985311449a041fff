"""What the valid steps of rows say together."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Tensor


def priorities(surprise: Tensor, valid: Tensor, eta: float) -> Tensor:
    """η max_t |δ_t| + (1 − η) mean_t |δ_t| over the valid steps of each row (Kapturowski et al., 2019, section 2.3).

    Args:
        surprise: (T, B) float32, |δ|.
        valid: (T, B) float32, 1 or 0; the first step of each row is valid.
        eta: η.
    """
    mean = tf.reduce_sum(valid * surprise, axis=0) / tf.reduce_sum(valid, axis=0)
    return eta * tf.reduce_max(valid * surprise, axis=0) + (1.0 - eta) * mean


def mean_of_valid(values: Tensor, valid: Tensor) -> Tensor:
    """Over all steps of all rows, (N,) each; `valid` is 1 or 0."""
    return tf.reduce_sum(valid * values) / tf.reduce_sum(valid)
