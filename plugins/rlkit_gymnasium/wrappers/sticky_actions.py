"""Actions that stick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class StickyActions:
    """With some probability the environment repeats the action before instead of taking the one given.

    Machado et al. (2018), "Revisiting the Arcade Learning Environment", section 5.2. Which actions stick follows the
    seed of each episode. The environments `ALE/…-v5` have it built in, as `repeat_action_probability`.
    """

    keeps_observations = True

    probability: float = parameter(
        default=0.25, doc="of repeating the action before", at_least=0, below=1, source="Machado et al., 2018"
    )

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`."""
        from rlkit_gymnasium.sticky import Sticky

        return Sticky(environment, self.probability)
