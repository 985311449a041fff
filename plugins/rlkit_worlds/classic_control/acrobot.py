"""Two links that swing, moved at the joint between them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from rlkit import Discrete, Nest, Noise, Spaces, Tensor, Transition, component
from rlkit_worlds.classic_control.bounds import within

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_GRAVITY, _SECONDS = 9.8, 0.2
_FASTEST = (4 * math.pi, 9 * math.pi)


@component
class Acrobot:
    """Gymnasium's Acrobot-v1: swing the tip above a line one link's length over the pivot; -1 a step, 0 the last.

    Sutton (1996), "Generalization in reinforcement learning: successful examples using sparse coarse coding"; equations
    as in Sutton and Barto, "Reinforcement Learning: An Introduction". State: (θ₁, θ₂, θ̇₁, θ̇₂) in rad and rad/s,
    float32, θ₁ from hanging down, θ₂ from the first link; the start is uniform in ±0.1. Observation: (cos θ₁, sin θ₁,
    cos θ₂, sin θ₂, θ̇₁, θ̇₂). Actions: a torque of -1, 0, 1 N m. Terminated once -cos θ₁ - cos(θ₁ + θ₂) > 1; truncated
    after 500 steps of 0.2 s.
    """

    @property
    def episode_limit(self) -> int | None:
        """See `CompiledEnvironment`."""
        return 500

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(within(1.0, 1.0, 1.0, 1.0, *_FASTEST), Discrete(3))

    def reset(self, noise: Noise) -> Nest:
        """See `CompiledEnvironment`."""
        return 0.2 * noise.uniform((4,)) - 0.1

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        angles = state[:2]
        cosine, sine = tf.cos(angles), tf.sin(angles)
        return tf.stack([cosine[0], sine[0], cosine[1], sine[1], state[2], state[3]])

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`. One step of the fourth-order Runge-Kutta method."""
        torque = tf.cast(action, tf.float32) - 1.0
        start = (state[0], state[1], state[2], state[3])
        first = _derivative(start, torque)
        second = _derivative(_moved(start, first, _SECONDS / 2), torque)
        third = _derivative(_moved(start, second, _SECONDS / 2), torque)
        fourth = _derivative(_moved(start, third, _SECONDS), torque)
        slope = tuple(a + 2.0 * b + 2.0 * c + d for a, b, c, d in zip(first, second, third, fourth, strict=True))
        angle, bend, angle_dot, bend_dot = _moved(start, slope, _SECONDS / 6)
        angle, bend = _wrapped(angle), _wrapped(bend)
        angle_dot = tf.clip_by_value(angle_dot, -_FASTEST[0], _FASTEST[0])
        bend_dot = tf.clip_by_value(bend_dot, -_FASTEST[1], _FASTEST[1])
        above = -tf.cos(angle) - tf.cos(angle + bend) > 1.0
        return Transition(tf.stack([angle, bend, angle_dot, bend_dot]), tf.where(above, 0.0, -1.0), above)

    def render(self, state: Any) -> npt.NDArray[np.uint8]:
        """See `CompiledEnvironment`: the pivot in the middle, the line to reach above it."""
        from rlkit_worlds.picture import BLACK, BLUE, GREY, WOOD, Picture

        first, both = float(state[0]), float(state[0] + state[1])
        joint = (math.sin(first), -math.cos(first))
        tip = (joint[0] + math.sin(both), joint[1] - math.cos(both))
        picture = Picture(centre=(0.0, 0.0), width=6.0)
        picture.line((-3.0, 1.0), (3.0, 1.0), 0.02, GREY)
        picture.line((0.0, 0.0), joint, 0.2, WOOD)
        picture.line(joint, tip, 0.2, BLUE)
        for point in ((0.0, 0.0), joint):
            picture.circle(point, 0.1, BLACK)
        return picture.pixels


_Motion = tuple[Tensor, ...]
"""(θ₁, θ₂, θ̇₁, θ̇₂), or their derivatives: four scalars."""


def _derivative(motion: _Motion, torque: Tensor) -> _Motion:
    """The equations of motion for links of 1 kg and 1 m, centred in the middle, with a moment of inertia of 1 kg m²."""
    angle, bend, angle_dot, bend_dot = motion
    cosine, sine = tf.cos(bend), tf.sin(bend)
    d1, d2 = 3.5 + cosine, 1.25 + 0.5 * cosine
    phi2 = 0.5 * _GRAVITY * tf.sin(angle + bend)
    phi1 = phi2 + 1.5 * _GRAVITY * tf.sin(angle) - (0.5 * bend_dot + angle_dot) * bend_dot * sine
    ratio = d2 / d1
    bend_acceleration = (torque + ratio * phi1 - 0.5 * tf.square(angle_dot) * sine - phi2) / (1.25 - d2 * ratio)
    return angle_dot, bend_dot, -(d2 * bend_acceleration + phi1) / d1, bend_acceleration


def _moved(motion: _Motion, slope: _Motion, seconds: float) -> _Motion:
    return tuple(value + seconds * change for value, change in zip(motion, slope, strict=True))


def _wrapped(angle: Tensor) -> Tensor:
    """Within ±π."""
    return angle - 2.0 * math.pi * tf.round(angle / (2.0 * math.pi))
