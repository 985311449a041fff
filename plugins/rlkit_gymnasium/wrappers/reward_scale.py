"""Rewards on another scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class RewardScale:
    """Rewards times a factor. Returns are recorded as scaled."""

    keeps_observations = True

    factor: float = parameter(doc="by which each reward is multiplied")

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`."""
        from gymnasium.wrappers import TransformReward

        def scale(reward: Any) -> Any:
            return reward * self.factor

        return TransformReward(environment, scale)
