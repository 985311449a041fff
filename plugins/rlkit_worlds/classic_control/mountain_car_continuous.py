"""A car too weak for its hill, with a throttle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tensorflow as tf

from rlkit import Nest, Noise, Spaces, Tensor, Transition, component
from rlkit_worlds.classic_control.bounds import within
from rlkit_worlds.classic_control.hill import FASTEST, LEFT, RIGHT, picture_of, roll, start

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_GOAL, _POWER = 0.45, 0.0015


@component
class MountainCarContinuous:
    """Gymnasium's MountainCarContinuous-v0: swing up a valley's right side; 100 for arriving, -0.1 a² for every step.

    Moore (1990), "Efficient memory-based learning for robot control". State and observation: (position, velocity),
    float32, within -1.2 … 0.6 and ±0.07; the start is at rest, uniform in -0.6 … -0.4. Action: the push a, (1,)
    float32 in ±1; beyond, the push is clipped and its cost is not. Terminated at 0.45, moving right or at rest;
    truncated after 999 steps.
    """

    @property
    def episode_limit(self) -> int | None:
        """See `CompiledEnvironment`."""
        return 999

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(within(RIGHT, FASTEST, least=(LEFT, -FASTEST)), within(1.0))

    def reset(self, noise: Noise) -> Nest:
        """See `CompiledEnvironment`."""
        return start(noise)

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        return state

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        position, velocity = roll(state, _POWER * tf.clip_by_value(action[0], -1.0, 1.0))
        arrived = (position >= _GOAL) & (velocity >= 0.0)
        reward = tf.where(arrived, 100.0, 0.0) - 0.1 * tf.square(action[0])
        return Transition(tf.stack([position, velocity]), reward, arrived)

    def render(self, state: Any) -> npt.NDArray[np.uint8]:
        """See `CompiledEnvironment`."""
        return picture_of(state, _GOAL)
