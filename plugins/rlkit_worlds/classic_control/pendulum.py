"""A pendulum to be swung up and held."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from rlkit import Nest, Noise, Spaces, Tensor, Transition, component
from rlkit_worlds.classic_control.bounds import within

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_GRAVITY, _SECONDS, _FASTEST, _STRONGEST = 10.0, 0.05, 8.0, 2.0


@component
class Pendulum:
    """Gymnasium's Pendulum-v1: hold a pendulum upright with little torque; -(θ² + 0.1 θ̇² + 0.001 u²) for every step.

    The swing-up of Gymnasium's own; no paper defines it. State: (θ, θ̇) in rad and rad/s, float32, θ from upright and
    kept within ±π, where Gymnasium lets it grow: neither observation nor reward tells; the start is uniform in ±π
    and ±1. Observation: (cos θ, sin θ, θ̇). Action: the torque u, (1,) float32 in ±2 N m, clipped. Never
    terminated; truncated after 200 steps of 0.05 s.
    """

    @property
    def episode_limit(self) -> int | None:
        """See `CompiledEnvironment`."""
        return 200

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(within(1.0, 1.0, _FASTEST), within(_STRONGEST))

    def reset(self, noise: Noise) -> Nest:
        """See `CompiledEnvironment`."""
        return (2.0 * noise.uniform((2,)) - 1.0) * tf.constant([math.pi, 1.0])

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        return tf.stack([tf.cos(state[0]), tf.sin(state[0]), state[1]])

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`. A rod of 1 kg and 1 m; the reward is that of the state before."""
        theta, theta_dot = state[0], state[1]
        torque = tf.clip_by_value(action[0], -_STRONGEST, _STRONGEST)
        cost = tf.square(theta) + 0.1 * tf.square(theta_dot) + 0.001 * tf.square(torque)
        faster = theta_dot + (1.5 * _GRAVITY * tf.sin(theta) + 3.0 * torque) * _SECONDS
        faster = tf.clip_by_value(faster, -_FASTEST, _FASTEST)
        turned = theta + faster * _SECONDS
        wrapped = turned - 2.0 * math.pi * tf.round(turned / (2.0 * math.pi))
        return Transition(tf.stack([wrapped, faster]), -cost, tf.constant(False))

    def render(self, state: Any) -> npt.NDArray[np.uint8]:
        """See `CompiledEnvironment`."""
        from rlkit_worlds.picture import BLACK, RED, Picture

        theta = float(state[0])
        picture = Picture(centre=(0.0, 0.0), width=3.6)
        picture.line((0.0, 0.0), (-math.sin(theta), math.cos(theta)), 0.2, RED)
        picture.circle((0.0, 0.0), 0.05, BLACK)
        return picture.pixels
