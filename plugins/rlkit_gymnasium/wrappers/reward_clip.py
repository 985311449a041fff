"""Rewards within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import ParameterError, component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class RewardClip:
    """Rewards below `low` become `low`, above `high` `high`. Returns are recorded as clipped."""

    keeps_observations = True

    low: float = parameter(default=-1.0, doc="least reward", source="Mnih et al., 2015")
    high: float = parameter(default=1.0, doc="greatest reward", source="Mnih et al., 2015")

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise ParameterError("high", f"found {self.high!r}; allowed: above low ({self.low!r})")

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`."""
        from gymnasium.wrappers import TransformReward

        def clip(reward: Any) -> Any:
            return min(max(reward, self.low), self.high)  # in this order a NaN stays one

        return TransformReward(environment, clip)
