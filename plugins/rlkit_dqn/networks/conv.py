"""A convolutional network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from rlkit import Array, Nest, ParameterError, Spaces, component, parameter
from rlkit_dqn.networks.image import DIVISOR, Channels, check_image, image_input, image_shape

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
    channels: Channels = parameter(
        default="auto",
        doc="axis of the channels: auto takes the shorter of the first and the last, the last if they are as long",
    )
    divisor: float | None = parameter(default=None, doc=DIVISOR, above=0)

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
        if observation.stack > 1 and image_shape(observation, self.channels)[2] != observation.stack:
            raise ParameterError(
                "channels",
                f"found {self.channels!r}, which looks for them on the last axis of a {observation}; the environment "
                f"stacks {observation.stack} frames along the first: channels: first",
            )
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
        from rlkit_dqn.networks.dense import Dense, hidden_layers

        image, x = image_input(inputs, self.divisor, self.channels)
        layers = zip(self.filters, self.kernels, self.strides, strict=True)
        for number, (filters, kernel, stride) in enumerate(layers, start=1):
            x = keras.layers.Conv2D(filters, kernel, stride, name=f"convolution_{number}")(x)
            x = keras.layers.Activation(relu, name=f"activation_of_convolution_{number}")(x)
        x = keras.layers.Flatten(name="features")(x)
        x = hidden_layers(x, self.hidden)
        return keras.Model(image, x if units is None else Dense(units, name="output")(x), name="conv")

    def _inputs(self, observation: Array) -> Iterator[tuple[int, int, int]]:
        """Height and width of what each convolution reads, and the side of its kernel."""
        height, width, _ = image_shape(observation, self.channels)
        for kernel, stride in zip(self.kernels, self.strides, strict=True):
            yield height, width, kernel
            height, width = (height - kernel) // stride + 1, (width - kernel) // stride + 1
