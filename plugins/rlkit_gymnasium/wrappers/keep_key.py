"""One part of an observation, by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import ParameterError, component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class KeepKey:
    """One part of a Dict or Tuple observation as it is: a picture stays one, which the network `conv` reads.

    `keep_keys` keeps several, which become one vector. A part within a part is reached by this wrapper twice.
    """

    key: str | int = parameter(doc="of the part in a Dict; its number, from 0, in a Tuple", at_least=0)

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ParameterError for a part that there is not."""
        from gymnasium.spaces import Dict, Tuple
        from gymnasium.wrappers import TransformObservation

        space = environment.observation_space
        if isinstance(space, Dict):
            parts: dict[Any, Any] = dict(space.spaces)
        elif isinstance(space, Tuple):
            parts = dict(enumerate(space.spaces))
        else:
            raise ValueError(f"it reads Dict and Tuple observations, and the observation is {space}")
        if self.key not in parts:
            raise ParameterError("key", f"found {self.key!r}; allowed: {', '.join(map(str, parts))}")
        return TransformObservation(environment, lambda observation: observation[self.key], parts[self.key])
