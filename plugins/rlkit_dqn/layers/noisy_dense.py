"""A dense layer with factorised Gaussian noise. Imported by `build`: the class inherits from Keras."""

from __future__ import annotations

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
            of_inputs, of_units = (scaled(noise.normal(shape)) for shape in ((kernel.shape[0], 1), (1, self.units)))
            # One noisy kernel and one product: for more than one row that is less than a product for each of μ and σ.
            kernel = kernel + self.kernel_sigma * (of_inputs * of_units)
            bias = bias + self.bias_sigma * tf.reshape(of_units, (self.units,))
        return keras.ops.reshape(product(x, kernel), (-1, self.units)) + bias


def scaled(noise: Tensor) -> Tensor:
    """f(x) = sgn(x)·√|x|, elementwise: the factors' scale, by which ε = f(ε_i)·f(ε_j) (section 3, (b))."""
    return tf.sign(noise) * tf.sqrt(tf.abs(noise))
