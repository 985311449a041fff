"""Episodes of bounded length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class TimeLimit:
    """Episodes are truncated after so many steps, as counted at this wrapper's place in the list.

    An environment's own limit, if it has one, holds too; `kwargs: {max_episode_steps: …}` replaces that one.
    """

    keeps_observations = True

    steps: int = parameter(doc="steps of an episode at most", at_least=1)

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`."""
        import gymnasium

        return gymnasium.wrappers.TimeLimit(environment, self.steps)
