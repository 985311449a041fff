"""The network of MinAtar."""

from __future__ import annotations

from typing import Any

import keras

from rlkit import Nest, Spaces, component, parameter
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.layers.dense import LAYER, DenseLayer
from rlkit_dqn.networks.image import DIVISOR, LAYER_NORM, check_image, image_input

_KERNEL = 3


@component
class MinAtarNetwork:
    """One convolution of 3×3, then dense layers, ReLU after each: for small images.

    Young and Tian (2019), "MinAtar: an Atari-inspired testbed for thorough and reproducible reinforcement learning
    experiments". Images are (height, width, channels), of any numeric dtype or bool. The convolution is written so
    that it learns in the fast backend, LiteRT. Keras's default initialisers, those of a convolution and of dense
    layers: Glorot uniform kernels, zero biases.
    """

    filters: int = parameter(default=16, doc="of the convolution", at_least=1, source="Young and Tian, 2019")
    hidden: tuple[int, ...] = parameter(
        default=(128,),
        doc="units of each dense layer after the convolution",
        at_least=1,
        source="Young and Tian, 2019",
    )
    divisor: float | None = parameter(default=None, doc=DIVISOR, above=0)
    layer_norm: bool = parameter(default=False, doc=LAYER_NORM)
    layer: Layer = parameter(default=DenseLayer(), doc=LAYER)

    def check(self, spaces: Spaces) -> None:
        """Raise ValueError for observations that are not images, stack frames, or are smaller than the kernel."""
        observation = spaces.observation
        check_image("minatar", observation)
        if observation.stack > 1:
            raise ValueError(
                f"network minatar reads channels on the last axis, and the environment stacks {observation.stack} "
                "frames along the first; network conv reads those"
            )
        if min(observation.shape[:2]) < _KERNEL:
            raise ValueError(
                f"network minatar convolves with kernels of {_KERNEL}×{_KERNEL}, and the observation is a {observation}"
            )

    def build(self, inputs: Nest, units: int | None = None) -> Any:
        """See `Network.build`."""
        from rlkit import relu
        from rlkit_dqn.networks.dense import hidden_layers, network_of
        from rlkit_dqn.networks.shifted_convolution import ShiftedConvolution

        image, x = image_input(inputs, self.divisor)
        activation = None if self.layer_norm else relu
        x = ShiftedConvolution(self.filters, _KERNEL, activation=activation, name="convolution")(x)
        x = keras.layers.Flatten(name="features")(x)
        if self.layer_norm:
            x = keras.layers.LayerNormalization(name="norm_of_convolution")(x)
            x = keras.layers.Activation(relu, name="activation_of_convolution")(x)
        x = hidden_layers(x, self.hidden, layer=self.layer, layer_norm=self.layer_norm)
        return network_of(image, x, units, self.layer, "minatar")
