"""Some parts of a Dict observation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import ParameterError, component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class KeepKeys:
    """A Dict observation without the parts that are not named: text, for one, which no network here reads."""

    keys: tuple[str, ...] = parameter(doc="of the parts that stay")

    def __post_init__(self) -> None:
        if not self.keys:
            raise ParameterError("keys", "found none; allowed: at least one key")

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ParameterError for a key that there is not."""
        from gymnasium.spaces import Dict
        from gymnasium.wrappers import FilterObservation

        space = environment.observation_space
        if not isinstance(space, Dict):
            raise ValueError(f"it reads Dict observations, and the observation is {space}")
        for key in self.keys:
            if key not in space.spaces:
                raise ParameterError("keys", f"found {key!r}; allowed: {', '.join(map(str, space.spaces))}")
        return FilterObservation(environment, self.keys)
