"""A mask of allowed actions that is a part of the observation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class MaskInObservation:
    """One part of a Dict observation, zeros and ones, as the mask of allowed actions; the agent sees the other parts.

    It replaces an `action_mask` in the info. Each mask is checked as one of an info is.
    """

    key: str = parameter(default="action_mask", doc="of the part that has a 0 or 1 for each action")

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ParameterError for a part that is no mask."""
        from rlkit_gymnasium.masked import MaskTaken

        return MaskTaken(environment, self.key)
