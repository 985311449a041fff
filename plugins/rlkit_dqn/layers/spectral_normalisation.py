"""Layers with spectral normalisation. Imported by `build`: the classes inherit from Keras."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from rlkit import Tensor
from rlkit_dqn.networks.dense import Dense

_LEAST = 1e-12
"""What norms are at least, before something is divided by them (Miyato et al., 2018)."""


class _Spectral:
    """A Keras layer with a kernel, which it divides by its spectral norm.

    The power iteration's vector is a variable. A call goes one iteration on from it and assigns nothing, so that acting
    may call it; `learned` assigns the iteration, after every learning step, as the paper's algorithm 1 does.
    """

    def build(self, input_shape: Any) -> None:
        """Create the weights, the power iteration's vector (units,) among them."""
        super().build(input_shape)  # type: ignore[misc]
        made: Any = self
        made.vector_initializer = keras.initializers.RandomNormal(0.0, 1.0)
        made.vector = made.add_weight(
            name="vector", shape=made.kernel.shape[-1:], initializer=made.vector_initializer, trainable=False
        )

    def learned(self) -> None:
        """One power iteration."""
        made: Any = self
        _, right = singular_vectors(_matrix(made.kernel), made.vector)
        made.vector.assign(right)

    def normalised(self) -> Tensor:
        """The kernel divided by its spectral norm."""
        made: Any = self
        kernel = tf.convert_to_tensor(made.kernel)
        return kernel / spectral_norm(_matrix(kernel), tf.convert_to_tensor(made.vector))


class SpectralDense(_Spectral, Dense):
    """A dense layer."""

    def weighed(self) -> Tensor:
        """See `Dense`."""
        return self.normalised()


class SpectralConvolution(_Spectral, keras.layers.Conv2D):  # type: ignore[misc]
    """A convolution, its kernel (k, k, channels, filters) as a matrix (k·k·channels, filters) (Miyato et al., 2018)."""

    def call(self, inputs: Tensor) -> Tensor:
        """(B, height, width, channels) to (B, height, width, filters), as the padding says."""
        return self.convolution_op(inputs, self.normalised()) + self.bias


def spectral_norm(matrix: Tensor, vector: Tensor) -> Tensor:
    """σ(W) of (n, m), estimated by one power iteration from (m,): a scalar, its gradient that of uᵀWv by W alone.

    Miyato et al. (2018), equation 19 and algorithm 1.
    """
    left, right = singular_vectors(matrix, vector)
    outer = tf.reshape(left, (-1, 1)) * tf.reshape(right, (1, -1))
    return tf.maximum(tf.reduce_sum(matrix * outer), _LEAST)


def singular_vectors(matrix: Tensor, vector: Tensor) -> tuple[Tensor, Tensor]:
    """One power iteration from (m,): the left and the right vector, (n,) and (m,), of norm 1, without gradient."""
    # Sums of products, not matrix products: LiteRT packs the weights of a product with a variable at every call.
    matrix = tf.stop_gradient(tf.convert_to_tensor(matrix))
    left = _unit(tf.reduce_sum(matrix * tf.reshape(vector, (1, -1)), axis=1))
    right = _unit(tf.reduce_sum(matrix * tf.reshape(left, (-1, 1)), axis=0))
    return tf.stop_gradient(left), tf.stop_gradient(right)


def _matrix(kernel: Any) -> Tensor:
    return tf.reshape(tf.convert_to_tensor(kernel), (-1, kernel.shape[-1]))


def _unit(vector: Tensor) -> Tensor:
    return vector / tf.maximum(tf.sqrt(tf.reduce_sum(tf.square(vector))), _LEAST)
