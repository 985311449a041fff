"""Images as networks take them in: which axis holds the channels, and who scales what."""

from __future__ import annotations

from typing import Any, Literal

import keras

from rlkit import Array, ParameterError, Tensor, TensorSpec

Channels = Literal["auto", "first", "last"]
CHANNELS = "axis of the channels: auto takes the shorter of the first and the last, the last if they are as long"
DIVISOR = "what observations are divided by, once cast to float32; without it 255 for uint8 and 1 for other dtypes"
LAYER_NORM = "layer normalisation before each activation, over all units of an image (Ba, Kiros and Hinton, 2016)"


def image_shape(observation: Array | TensorSpec, channels: Channels = "last") -> tuple[int, int, int]:
    """(height, width, channels) of an observation of rank 3.

    `auto` finds the channels on the shorter of the first and the last axis, on the last if both are as long:
    (4, 84, 84) is a stack of four frames, (84, 84, 3) a colour image, (10, 10, 10) ten planes.
    """
    shape = tuple(observation.shape)
    if channels == "auto":
        channels = "first" if shape[0] < shape[-1] else "last"
    return shape if channels == "last" else (shape[1], shape[2], shape[0])


def check_image(network: str, observation: Array) -> None:
    """Raise ValueError for observations that are not of rank 3."""
    if len(observation.shape) != 3:
        pictured = any(len(part.shape) == 3 for _, part in observation.parts)
        other = (
            "network multi reads all parts, and wrapper keep_key leaves one"
            if pictured
            else "network mlp reads vectors"
        )
        raise ValueError(
            f"network {network} reads images, arrays of three axes (height, width, channels), and the observation is "
            f"a {observation}; {other}"
        )


def check_stack(observation: Array, channels: Channels) -> None:
    """Raise ParameterError where frames are stacked along the first axis and would be taken for rows."""
    if observation.stack > 1 and image_shape(observation, channels)[2] != observation.stack:
        raise ParameterError(
            "channels",
            f"found {channels!r}, which looks for them on the last axis of a {observation}; the environment "
            f"stacks {observation.stack} frames along the first: channels: first",
        )


def image_input(observation: TensorSpec, divisor: float | None, channels: Channels = "last") -> tuple[Any, Tensor]:
    """A Keras input of observations as they come, and from it (B, height, width, channels) float32."""
    inputs = keras.Input(observation.shape, dtype=observation.dtype.name)
    x = inputs
    if image_shape(observation, channels) != tuple(observation.shape):
        x = keras.ops.transpose(x, (0, 2, 3, 1))
    x = keras.ops.cast(x, "float32")
    if divisor is None:
        divisor = 255.0 if observation.dtype.name == "uint8" else 1.0
    return inputs, x if divisor == 1.0 else x / divisor


def normalised_image(x: Tensor, name: str) -> Tensor:
    """Layer normalisation over height, width and channels: symbolic Keras tensors."""
    return keras.layers.LayerNormalization(axis=(1, 2, 3), name=name)(x)
