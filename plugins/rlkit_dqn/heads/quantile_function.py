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
        angles = tf.reshape(fractions, (-1, 1)) * (
            math.pi * tf.reshape(tf.range(self.cosines, dtype=tf.float32), (1, -1))
        )
        embedded = relu(self.embedding(tf.cos(angles)))
        return tf.reshape(embedded, (-1 if rows is None else rows, count, self.embedding.units))

    def _applied(self, features: Tensor, embedded: Tensor) -> Tensor:
        """(B, features) and (R, N, features) to (B · N, n)."""
        x = tf.reshape(tf.expand_dims(features, 1) * embedded, (-1, features.shape[-1]))
        for layer in self.hidden:
            x = relu(layer(x))
        return cast(Tensor, self.last(x))
