"""Images as networks take them in: which axis holds the channels, and who scales what."""

from __future__ import annotations

from typing import Any, Literal

import keras

from rlkit import Array, Tensor, TensorSpec

Channels = Literal["auto", "first", "last"]
DIVISOR = "what observations are divided by, once cast to float32; without it 255 for uint8 and 1 for other dtypes"


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
