"""A dense layer with factorised Gaussian noise. Imported by `build`: the class inherits from Keras."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from rlkit import Noise, Tensor
from rlkit_dqn.networks.dense import product


class NoisyDense(keras.Layer):  # type: ignore[misc]
    """Fortunato et al. (2018), "Noisy networks for exploration".

    Initial weights are those of section 3.2 for factorised noise, with p the inputs: means uniform within ±1/√p,
    deviations σ₀/√p, of the kernel and of the bias.
    """

    def __init__(self, units: int, sigma: float, **settings: Any) -> None:
        super().__init__(**settings)
        self.units, self.sigma = units, sigma

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs (B, p)."""
        inputs = input_shape[-1]
        assert inputs is not None
        bound = inputs**-0.5
        self.kernel_initializer = keras.initializers.RandomUniform(-bound, bound)
        self.bias_initializer = keras.initializers.RandomUniform(-bound, bound)
        self.kernel_sigma_initializer = keras.initializers.Constant(self.sigma * bound)
        self.bias_sigma_initializer = keras.initializers.Constant(self.sigma * bound)
        for name, shape in (("kernel", (inputs, self.units)), ("bias", (self.units,))):
            for part in (name, f"{name}_sigma"):
                initializer = getattr(self, f"{part}_initializer")
                setattr(self, part, self.add_weight(name=part, shape=shape, initializer=initializer))

    def call(self, x: Tensor, noise: Noise | None = None) -> Tensor:
        """(B, p) to (B, units); without noise by the means."""
        kernel, bias = (tf.convert_to_tensor(weight) for weight in (self.kernel, self.bias))
        if noise is not None:
            inputs = kernel.shape[0]
            factors = worked_out_once(tf.concat([factor(noise, (count,)) for count in (inputs, self.units)], axis=0))
            of_inputs, of_units = tf.reshape(factors[:inputs], (inputs, 1)), tf.reshape(factors[inputs:], (1, -1))
            # One noisy kernel and one product: for more than one row that is less than a product for each of μ and σ.
            kernel = kernel + self.kernel_sigma * (of_inputs * of_units)
            bias = bias + self.bias_sigma * tf.reshape(of_units, (self.units,))
        return keras.ops.reshape(product(x, kernel), (-1, self.units)) + bias


def worked_out_once(x: Tensor) -> Tensor:
    """The same numbers, (n,) float32, by a product that XLA does not fuse.

    It fuses a sine, a logarithm or a root into what reads it: here into the outer product, p·q times instead of p + q,
    which made a layer of 64 and 102 units ten times as slow.
    """
    return tf.matmul(tf.reshape(x, (-1, 1)), tf.constant([[1.0, 0.0]]))[:, 0]


def factor(noise: Noise, shape: Sequence[int]) -> Tensor:
    """f(ε) = sgn(ε)·√|ε| of standard normal ε, float32: noise of a weight is f(ε_i)·f(ε_j) (section 3, (b)).

    By Box and Muller (1958) as `Noise.normal`, but with small numbers to their last digits: f is steepest at 0, and
    what backends there differ by would grow to a difference that keeps the program from the fast one.
    """
    radius = tf.sqrt(2.0 * minus_log_of_rest(noise.uniform(shape)))
    sine = tf.sin(math.pi * (noise.uniform(shape) - 0.5))
    return tf.sign(sine) * tf.sqrt(radius * tf.abs(sine))


def minus_log_of_rest(u: Tensor) -> Tensor:
    """−log(1 − u) of u in [0, 1), to seven digits; LiteRT's logarithm near 1 is off by 6e-8, however small it is.

    Below 1/4 by 2·artanh(u / (2 − u)) and its series, of which z⁹ is the first term left out.
    """
    z = u / (2.0 - u)
    square = z * z
    series = 2.0 * z * (1.0 + square * (1.0 / 3.0 + square * (1.0 / 5.0 + square / 7.0)))
    return tf.where(u < 0.25, series, -tf.math.log(1.0 - u))
