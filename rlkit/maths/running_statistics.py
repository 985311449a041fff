"""Mean and variance of all rows so far, updated batch by batch."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit.contracts.tensor import Tensor


class RunningStatistics:
    """Of rows (*o), as variables: `count`, `mean` (*o) and `variance` (*o), float32.

    The update is that of Chan, Golub and LeVeque (1979), written with shares of the batch, so that in float32 a long
    run loses nothing but the last digits. Before any row the mean is 0 and the variance 1.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.count = tf.Variable(0.0, trainable=False)
        self.mean: Any = tf.Variable(tf.zeros(shape), trainable=False)
        self.variance: Any = tf.Variable(tf.ones(shape), trainable=False)

    def add(self, rows: Tensor, counted: Tensor | float = 1.0) -> None:
        """Count these rows (B, *o), float32; not where `counted`, a float32 scalar, is 0 instead of 1."""
        batch = counted * tf.cast(tf.shape(rows)[0], tf.float32)
        mean = tf.reduce_mean(rows, axis=0)
        variance = tf.reduce_mean(tf.square(rows - mean), axis=0)
        total = self.count + batch
        share, delta = batch / tf.maximum(total, 1.0), mean - self.mean
        spread = (variance - self.variance) * share + tf.square(delta) * share * (1.0 - share)
        self.variance.assign_add(spread)
        self.mean.assign_add(delta * share)
        self.count.assign(total)

    def normalized(self, rows: Tensor, epsilon: float, clip: float) -> Tensor:
        """(…, *o) with mean 0 and variance 1 over all rows so far, within ±`clip`."""
        scaled = (rows - self.mean) * tf.math.rsqrt(self.variance + epsilon)
        return tf.clip_by_value(scaled, -clip, clip)
