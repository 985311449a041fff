"""Observations in cells, by a hash that puts those of similar direction together."""

from __future__ import annotations

import math

import tensorflow as tf

from rlkit import Array, Call, Tensor, Variable

BITS = "planes through the origin that divide observations into 2 ** bits cells"
SOURCE = "SimHash: Charikar, 2002; for counts: Tang et al., 2017"
MOST = 16
"""A table has a row a cell, and is read whole."""


class SimHash:
    """The signs of g(s) · A, A drawn from the standard normal distribution.

    Tang et al. (2017), "#Exploration: a study of count-based exploration for deep reinforcement learning", with the
    observation itself, as one vector, for g(s).
    """

    def __init__(self, observation: Array, bits: int) -> None:
        self.bits = bits
        self.planes: Variable = tf.Variable(tf.zeros((math.prod(observation.shape), bits)), trainable=False)

    def begin(self, call: Call) -> None:
        """Draw the planes. Until then all observations are in one cell."""
        self.planes.assign(call.noise.normal(tuple(self.planes.shape)))

    def cells(self, observation: Tensor) -> Tensor:
        """(B, *o) to (B,) int32 from 0 to 2 ** bits - 1."""
        vectors = tf.reshape(tf.cast(observation, tf.float32), (-1, self.planes.shape[0]))
        signs = tf.cast(tf.matmul(vectors, self.planes) >= 0.0, tf.int32)
        return tf.reduce_sum(signs * [2**place for place in range(self.bits)], axis=-1)
