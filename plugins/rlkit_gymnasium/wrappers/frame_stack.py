"""The last frames as one observation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class FrameStack:
    """The last `size` observations along a new first axis, the newest last; at an episode's start its first, repeated.

    As the last wrapper that touches observations it costs little memory: each frame is stored once.
    Mnih et al. (2015), "Human-level control through deep reinforcement learning".
    """

    size: int = parameter(default=4, doc="observations in a stack", at_least=2, source="Mnih et al., 2015 (table 1)")

    @property
    def stack(self) -> int:
        """See `Wrapper`."""
        return self.size

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for observations that are not arrays."""
        import numpy as np
        from gymnasium.spaces import Box, MultiBinary
        from gymnasium.wrappers import FrameStackObservation, TransformObservation

        space = environment.observation_space
        if not isinstance(space, (Box, MultiBinary)):
            raise ValueError(f"it stacks arrays, and the observation is {space}; put the wrapper flatten before it")
        # Copies, since Gymnasium's keeps what it is given, and an environment may show one array again and again.
        return FrameStackObservation(TransformObservation(environment, np.array, None), self.size)
