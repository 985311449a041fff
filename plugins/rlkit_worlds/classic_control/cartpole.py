"""A pole on a cart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from rlkit import Discrete, Nest, Noise, Spaces, Tensor, Transition, component
from rlkit_worlds.classic_control.bounds import within

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_GRAVITY, _CART_MASS, _POLE_MASS, _HALF_LENGTH, _FORCE, _SECONDS = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02
_TOTAL_MASS = _CART_MASS + _POLE_MASS
_FARTHEST = 2.4
_STEEPEST = 12 * 2 * math.pi / 360


@component
class CartPole:
    """Gymnasium's CartPole-v1: keep a pole upright on a cart; 1 for every step, the one in which it falls included.

    Barto, Sutton and Anderson (1983), "Neuronlike adaptive elements that can solve difficult learning control
    problems". State and observation: (x, ẋ, θ, θ̇) in m, m/s, rad, rad/s, float32; the start is uniform in ±0.05.
    Actions: push left, push right. Terminated beyond ±2.4 m or ±12°; truncated after 500 steps of 0.02 s.
    """

    @property
    def episode_limit(self) -> int | None:
        """See `CompiledEnvironment`."""
        return 500

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(within(2 * _FARTHEST, math.inf, 2 * _STEEPEST, math.inf), Discrete(2))

    def reset(self, noise: Noise) -> Nest:
        """See `CompiledEnvironment`."""
        return 0.1 * noise.uniform((4,)) - 0.05

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        return state

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`. Euler's method."""
        x, x_dot, theta, theta_dot = state[0], state[1], state[2], state[3]
        force = tf.where(tf.equal(action, 1), _FORCE, -_FORCE)
        cosine, sine = tf.cos(theta), tf.sin(theta)
        pull = (force + _POLE_MASS * _HALF_LENGTH * tf.square(theta_dot) * sine) / _TOTAL_MASS
        theta_acceleration = (_GRAVITY * sine - cosine * pull) / (
            _HALF_LENGTH * (4.0 / 3.0 - _POLE_MASS * tf.square(cosine) / _TOTAL_MASS)
        )
        x_acceleration = pull - _POLE_MASS * _HALF_LENGTH * theta_acceleration * cosine / _TOTAL_MASS
        after = tf.stack(
            [
                x + _SECONDS * x_dot,
                x_dot + _SECONDS * x_acceleration,
                theta + _SECONDS * theta_dot,
                theta_dot + _SECONDS * theta_acceleration,
            ]
        )
        fallen = (tf.abs(after[0]) > _FARTHEST) | (tf.abs(after[2]) > _STEEPEST)
        return Transition(after, tf.constant(1.0), fallen)

    def render(self, state: Any) -> npt.NDArray[np.uint8]:
        """See `CompiledEnvironment`: a track of 4.8 m."""
        from rlkit_worlds.picture import BLACK, BLUE, GREY, WOOD, Picture

        x, theta = float(state[0]), float(state[2])
        picture = Picture(centre=(0.0, 0.8), width=2 * _FARTHEST)
        picture.line((-_FARTHEST, 0.0), (_FARTHEST, 0.0), 0.02, GREY)
        picture.polygon([(x - 0.2, -0.12), (x + 0.2, -0.12), (x + 0.2, 0.12), (x - 0.2, 0.12)], BLACK)
        top = (x + 2 * _HALF_LENGTH * math.sin(theta), 2 * _HALF_LENGTH * math.cos(theta))
        picture.line((x, 0.0), top, 0.08, WOOD)
        picture.circle((x, 0.0), 0.04, BLUE)
        return picture.pixels
