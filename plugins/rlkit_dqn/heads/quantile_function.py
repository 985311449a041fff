"""A quantile function as a network: of an observation's features and fractions. Imported by `build`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import keras
import tensorflow as tf

from rlkit import Tensor, relu
from rlkit_dqn.networks.dense import Dense


class QuantileFunction(keras.layers.Layer):  # type: ignore[misc]
    """F⁻¹(τ) of each action's return: f(ψ ⊙ φ(τ)), ψ the features, φ(τ) = ReLU(Σ_i cos(π i τ) w_i + b).

    Dabney et al. (2018b), equation 4, i from 0. Where f has no hidden layers, ψ ⊙ φ(τ) is never made for each row and
    fraction: (ψ ⊙ w_a) · φ(τ) is a product of matrices, and the mean over fractions that of ψ with the mean of φ.
    """

    def __init__(self, actions: int, hidden: Sequence[int], cosines: int) -> None:
        super().__init__(name="quantile_function")
        self.actions, self.cosines, self.units = actions, cosines, tuple(hidden)

    def build(self, features: tuple[int | None, ...]) -> None:
        """Creates the variables for (B, features)."""
        width = features[-1]
        self.embedding = Dense(width, name="embedding")
        self.embedding.build((None, self.cosines))
        self.hidden = [Dense(units, name=f"hidden_{number}") for number, units in enumerate(self.units, start=1)]
        self.last = Dense(self.actions, name="output")
        for layer, inputs in zip([*self.hidden, self.last], [width, *self.units], strict=True):
            layer.build((None, inputs))
        self.built = True

    def quantiles(self, features: Tensor, fractions: Tensor) -> Tensor:
        """(B, features) float32 at (B, N), or (1, N) for all rows alike: (B, n, N)."""
        count, embedded = fractions.shape[-1], self._embedded(fractions)
        if self.hidden:
            outputs = tf.reshape(self._applied(features, embedded), (-1, count, self.actions))
            return tf.transpose(outputs, (0, 2, 1))
        width = features.shape[-1]
        weights = tf.transpose(tf.convert_to_tensor(self.last.kernel))
        each = tf.expand_dims(features, 1) * tf.expand_dims(weights, 0)
        if fractions.shape[0] == 1:
            rows = tf.matmul(tf.reshape(each, (-1, width)), tf.reshape(embedded, (count, width)), transpose_b=True)
            outputs = tf.reshape(rows, (-1, self.actions, count))
        else:
            outputs = tf.matmul(each, embedded, transpose_b=True)
        return outputs + tf.expand_dims(tf.convert_to_tensor(self.last.bias), -1)

    def mean(self, features: Tensor, fractions: Tensor) -> Tensor:
        """The mean over fractions, each counting alike: (B, n)."""
        embedded = self._embedded(fractions)
        if self.hidden:
            outputs = tf.reshape(self._applied(features, embedded), (-1, fractions.shape[-1], self.actions))
            return tf.reduce_mean(outputs, axis=1)
        return cast(Tensor, self.last(features * tf.reduce_mean(embedded, axis=1)))

    def _embedded(self, fractions: Tensor) -> Tensor:
        """(R, N) to (R, N, features)."""
        rows, count = fractions.shape
        embedded = relu(self.embedding(cosines(tf.reshape(fractions, (-1, 1)), self.cosines)))
        return tf.reshape(embedded, (-1 if rows is None else rows, count, self.embedding.units))

    def _applied(self, features: Tensor, embedded: Tensor) -> Tensor:
        """(B, features) and (R, N, features) to (B · N, n)."""
        x = tf.reshape(tf.expand_dims(features, 1) * embedded, (-1, features.shape[-1]))
        for layer in self.hidden:
            x = relu(layer(x))
        return cast(Tensor, self.last(x))


def cosines(fractions: Tensor, count: int) -> Tensor:
    """cos(π i τ), i from 0 to count − 1: (R, 1) to (R, count), within 1e-5 for τ within 0 to 1. No gradient flows.

    `tf.cos` takes six times as long in XLA, more than all else where each row has fractions of its own. Here i·τ is
    reduced to a period, and cos(π u) = sin(π (½ − |u|)) is the sum of its series up to the eleventh power.
    """
    turns = tf.stop_gradient(fractions) * tf.constant([[float(place) for place in range(count)]])
    angle = math.pi * (0.5 - tf.abs(turns - 2.0 * tf.floor(0.5 * turns + 0.5)))
    square, series = tf.square(angle), tf.zeros_like(angle)
    for power in (11, 9, 7, 5, 3):
        series = square * (series + (-1.0) ** (power // 2) / math.factorial(power))
    return angle * (series + 1.0)
