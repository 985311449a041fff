"""Actions repeated, frames left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class MaxAndSkip:
    """Each action is taken `frames` times; shown is the elementwise maximum of the last two frames, rewards add up.

    Mnih et al. (2015). Atari games have it in `atari_preprocessing` already.
    """

    frames: int = parameter(default=4, doc="steps for each action", at_least=2, source="Mnih et al., 2015 (table 1)")

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for observations that are not arrays."""
        from gymnasium.spaces import Box
        from gymnasium.wrappers import MaxAndSkipObservation

        if not isinstance(environment.observation_space, Box):
            raise ValueError(f"it reads arrays, and the observation is {environment.observation_space}")
        return MaxAndSkipObservation(environment, self.frames)
