"""A convolutional network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from rlkit import Array, Nest, ParameterError, Spaces, component, parameter
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
    image_shape,
    normalised_image,
)

NATURE = "Mnih et al., 2015"


@component
class ConvolutionalNetwork:
    """Convolutions over an image, then dense layers, ReLU after each; a linear one at the end if outputs are asked for.

    By default the network of Mnih et al. (2015), "Human-level control through deep reinforcement learning", for
    84×84 images. Images are (height, width, channels) or, as stacked frames come, (frames, height, width). No padding.
    Keras's default initialisers: Glorot uniform kernels, zero biases. The gradient of a convolution does not convert
    to LiteRT: an agent that learns with it runs in compiled TensorFlow.
    """

    filters: tuple[int, ...] = parameter(
        default=(32, 64, 64), doc="of each convolution, first to last", at_least=1, source=NATURE
    )
    kernels: tuple[int, ...] = parameter(
        default=(8, 4, 3), doc="side of each convolution's square kernel, in pixels", at_least=1, source=NATURE
    )
    strides: tuple[int, ...] = parameter(
        default=(4, 2, 1), doc="pixels from one place of the kernel to the next", at_least=1, source=NATURE
    )
    hidden: tuple[int, ...] = parameter(
        default=(512,),
        doc="units of each dense layer after the convolutions",
        at_least=1,
        source=NATURE,
    )
    channels: Channels = parameter(default="auto", doc=CHANNELS)
    divisor: float | None = parameter(default=None, doc=DIVISOR, above=0)
    pool: int | None = parameter(default=None, doc=POOL, at_least=1)
    layer_norm: bool = parameter(default=False, doc=LAYER_NORM)
    layer: Layer = parameter(default=DenseLayer(), doc=LAYER)

    def __post_init__(self) -> None:
        if not self.filters:
            raise ParameterError("filters", "found none; a convolutional network has at least one convolution")
        for name, values in (("kernels", self.kernels), ("strides", self.strides)):
            if len(values) != len(self.filters):
                raise ParameterError(name, f"found {len(values)} values; allowed: {len(self.filters)}, as filters has")

    def check(self, spaces: Spaces) -> None:
        """Whether it can read the observation.

        Raises:
            ParameterError: for `channels: last` where frames are stacked along the first axis.
            ValueError: for observations that are not images, or are too small for the kernels.
        """
        observation = spaces.observation
        check_image("conv", observation)
        check_stack(observation, self.channels)
        for number, (height, width, kernel) in enumerate(self._inputs(observation), start=1):
            if min(height, width) < kernel:
                raise ValueError(
                    f"network conv: convolution {number} has kernels of {kernel}×{kernel}, and what reaches it is "
                    f"{height}×{width} (the observation is a {observation}); choose smaller kernels or strides, "
                    "or network minatar for small images"
                )

    def build(self, inputs: Nest, units: int | None = None) -> Any:
        """See `Network.build`."""
        from rlkit import relu
        from rlkit_dqn.networks.adaptive_pooling import pooled
        from rlkit_dqn.networks.dense import hidden_layers, network_of

        image, x = image_input(inputs, self.divisor, self.channels)
        layers = zip(self.filters, self.kernels, self.strides, strict=True)
        for number, (filters, kernel, stride) in enumerate(layers, start=1):
            x = keras.layers.Conv2D(filters, kernel, stride, name=f"convolution_{number}")(x)
            if self.layer_norm:
                x = normalised_image(x, f"norm_of_convolution_{number}")
            x = keras.layers.Activation(relu, name=f"activation_of_convolution_{number}")(x)
        x = keras.layers.Flatten(name="features")(x if self.pool is None else pooled(x, self.pool))
        x = hidden_layers(x, self.hidden, layer=self.layer, layer_norm=self.layer_norm)
        return network_of(image, x, units, self.layer, "conv")

    def _inputs(self, observation: Array) -> Iterator[tuple[int, int, int]]:
        """Height and width of what each convolution reads, and the side of its kernel."""
        height, width, _ = image_shape(observation, self.channels)
        for kernel, stride in zip(self.kernels, self.strides, strict=True):
            yield height, width, kernel
            height, width = (height - kernel) // stride + 1, (width - kernel) // stride + 1
