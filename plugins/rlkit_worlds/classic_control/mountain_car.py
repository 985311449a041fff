"""A car too weak for its hill, with three gears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tensorflow as tf

from rlkit import Discrete, Nest, Noise, Spaces, Tensor, Transition, component
from rlkit_worlds.classic_control.bounds import within
from rlkit_worlds.classic_control.hill import FASTEST, LEFT, RIGHT, picture_of, roll, start

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_GOAL, _FORCE = 0.5, 0.001


@component
class MountainCar:
    """Gymnasium's MountainCar-v0: swing up a valley's right side; -1 for every step.

    Moore (1990), "Efficient memory-based learning for robot control"; Sutton (1996). State and observation: (position,
    velocity), float32, within -1.2 … 0.6 and ±0.07; the start is at rest, uniform in -0.6 … -0.4. Actions: push left,
    none, push right. Terminated at 0.5, moving right or at rest; truncated after 200 steps.
    """

    @property
    def episode_limit(self) -> int | None:
        """See `CompiledEnvironment`."""
        return 200

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(within(RIGHT, FASTEST, least=(LEFT, -FASTEST)), Discrete(3))

    def reset(self, noise: Noise) -> Nest:
        """See `CompiledEnvironment`."""
        return start(noise)

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        return state

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        position, velocity = roll(state, _FORCE * (tf.cast(action, tf.float32) - 1.0))
        arrived = (position >= _GOAL) & (velocity >= 0.0)
        return Transition(tf.stack([position, velocity]), tf.constant(-1.0), arrived)

    def render(self, state: Any) -> npt.NDArray[np.uint8]:
        """See `CompiledEnvironment`."""
        return picture_of(state, _GOAL)
