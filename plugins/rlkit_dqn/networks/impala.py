"""The residual network of IMPALA."""

from __future__ import annotations

from typing import Any

import keras

from rlkit import Nest, ParameterError, Spaces, Tensor, component, parameter
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.layers.dense import LAYER, DenseLayer
from rlkit_dqn.networks.adaptive_pooling import POOL
from rlkit_dqn.networks.image import (
    CHANNELS,
    DIVISOR,
    LAYER_NORM,
    Channels,
    check_image,
    check_stack,
    image_input,
    normalised_image,
)

IMPALA = "Espeholt et al., 2018 (figure 3)"


@component
class ImpalaNetwork:
    """Sections of a convolution, max-pooling and residual blocks, then dense layers with ReLU.

    The larger network of Espeholt et al. (2018), "IMPALA: scalable distributed deep-RL with importance weighted
    actor-learner architectures": 15 convolutions of 3×3 with padding, each section halving the image by a maximum over
    3×3. A block adds two convolutions, ReLU before each, to what it reads. The LSTM that follows in the paper is
    network recurrent. Keras's default initialisers: Glorot uniform kernels, zero biases. The gradient of a convolution
    does not convert to LiteRT: an agent that learns with it runs in compiled TensorFlow.
    """

    filters: tuple[int, ...] = parameter(
        default=(16, 32, 32), doc="of each section's convolutions, before width", at_least=1, source=IMPALA
    )
    width: int = parameter(
        default=1, doc="what filters are multiplied by; 2 in Schmidt and Schmied, 2021", at_least=1, source=IMPALA
    )
    blocks: int = parameter(default=2, doc="residual blocks of each section", at_least=0, source=IMPALA)
    hidden: tuple[int, ...] = parameter(
        default=(256,), doc="units of each dense layer after the convolutions", at_least=1, source=IMPALA
    )
    channels: Channels = parameter(default="auto", doc=CHANNELS)
    divisor: float | None = parameter(default=None, doc=DIVISOR, above=0)
    pool: int | None = parameter(default=None, doc=POOL, at_least=1)
    spectral_norm: bool = parameter(
        default=False, doc="spectral normalisation of the residual blocks' convolutions (Miyato et al., 2018)"
    )
    layer_norm: bool = parameter(default=False, doc=LAYER_NORM)
    layer: Layer = parameter(default=DenseLayer(), doc=LAYER)

    def __post_init__(self) -> None:
        if not self.filters:
            raise ParameterError("filters", "found none; network impala has at least one section")

    def check(self, spaces: Spaces) -> None:
        """Whether it can read the observation.

        Raises:
            ParameterError: for `channels: last` where frames are stacked along the first axis.
            ValueError: for observations that are not images.
        """
        check_image("impala", spaces.observation)
        check_stack(spaces.observation, self.channels)

    def build(self, inputs: Nest, units: int | None = None) -> Any:
        """See `Network.build`."""
        from rlkit_dqn.networks.adaptive_pooling import pooled
        from rlkit_dqn.networks.dense import hidden_layers, network_of

        image, x = image_input(inputs, self.divisor, self.channels)
        for number, filters in enumerate(self.filters, start=1):
            x = self._section(x, filters * self.width, f"section_{number}")
        x = self._activated(x, "activation_of_sections")
        x = keras.layers.Flatten(name="features")(x if self.pool is None else pooled(x, self.pool))
        x = hidden_layers(x, self.hidden, layer=self.layer, layer_norm=self.layer_norm)
        return network_of(image, x, units, self.layer, "impala")

    def _section(self, x: Tensor, filters: int, name: str) -> Tensor:
        from rlkit_dqn.layers.spectral_normalisation import SpectralConvolution

        kind = SpectralConvolution if self.spectral_norm else keras.layers.Conv2D
        x = keras.layers.Conv2D(filters, 3, padding="same", name=f"{name}_convolution")(x)
        x = keras.layers.MaxPooling2D(3, strides=2, padding="same", name=f"{name}_maximum")(x)
        for block in range(1, self.blocks + 1):
            residual = x
            for turn in (1, 2):
                label = f"{name}_block_{block}_{turn}"
                residual = self._activated(residual, label)
                residual = kind(filters, 3, padding="same", name=f"{label}_convolution")(residual)
            x = x + residual
        return x

    def _activated(self, x: Tensor, name: str) -> Tensor:
        from rlkit import relu

        if self.layer_norm:
            x = normalised_image(x, f"{name}_norm")
        return keras.layers.Activation(relu, name=name)(x)
