"""The valley of the mountain-car tasks: how the car rolls, and how it looks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from rlkit import Noise, Tensor

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LEFT, RIGHT, FASTEST = -1.2, 0.6, 0.07
_GRAVITY = 0.0025


def start(noise: Noise) -> Tensor:
    """(position, velocity): at rest, uniform in [-0.6, -0.4)."""
    return tf.concat([0.2 * noise.uniform((1,)) - 0.6, tf.zeros(1)], 0)


def roll(state: Tensor, push: Tensor) -> tuple[Tensor, Tensor]:
    """Position and velocity, both () float32, after a step with this push. The left wall stops the car."""
    velocity = tf.clip_by_value(state[1] + push - _GRAVITY * tf.cos(3.0 * state[0]), -FASTEST, FASTEST)
    position = tf.clip_by_value(state[0] + velocity, LEFT, RIGHT)
    return position, tf.where((position <= LEFT) & (velocity < 0.0), 0.0, velocity)


def picture_of(state: Any, goal: float) -> npt.NDArray[np.uint8]:
    """The valley, a flag at the goal, the car."""
    import numpy as np

    from rlkit_worlds.picture import BLACK, GREY, RED, Picture

    def height(x: Any) -> Any:
        return 0.45 * np.sin(3.0 * x) + 0.55

    position = float(state[0])
    slope = math.atan(1.35 * math.cos(3.0 * position))
    across, along = (-math.sin(slope), math.cos(slope)), (math.cos(slope), math.sin(slope))

    def beside(forward: float, up: float) -> tuple[float, float]:
        x = position + forward * along[0] + up * across[0]
        return x, float(height(position)) + forward * along[1] + up * across[1]

    picture = Picture(centre=((LEFT + RIGHT) / 2, 0.65), width=RIGHT - LEFT)
    picture.ground(height, GREY)
    foot = float(height(goal))
    picture.line((goal, foot), (goal, foot + 0.15), 0.008, BLACK)
    picture.polygon([(goal, foot + 0.1), (goal + 0.07, foot + 0.125), (goal, foot + 0.15)], RED)
    picture.polygon([beside(-0.06, 0.02), beside(0.06, 0.02), beside(0.06, 0.07), beside(-0.06, 0.07)], BLACK)
    for wheel in (-0.035, 0.035):
        picture.circle(beside(wheel, 0.02), 0.02, (100, 100, 100))
    return picture.pixels
