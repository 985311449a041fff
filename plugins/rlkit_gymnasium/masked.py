"""The environment whose mask of actions comes out of its observation. Imports Gymnasium."""

from __future__ import annotations

from typing import Any

import gymnasium
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary

from rlkit import ParameterError
from rlkit_gymnasium.numbered import ACTION_MASK
from rlkit_gymnasium.warned_once import warn_once


class MaskTaken(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Hands one part of a Dict observation on as the info's mask."""

    def __init__(self, environment: gymnasium.Env[Any, Any], key: str) -> None:
        """Raises ParameterError for a part that is no mask, ValueError for observations and actions it cannot serve."""
        super().__init__(environment)
        space, action = environment.observation_space, environment.action_space
        if not isinstance(space, Dict):
            raise ValueError(f"it reads Dict observations, and the observation is {space}")
        if not isinstance(action, Discrete):
            raise ValueError(f"it masks an action that is one choice, and the action is {action}")
        if key not in space.spaces:
            raise ParameterError("key", f"found {key!r}; allowed: {', '.join(map(str, space.spaces))}")
        if not _fits(space[key], action):
            raise ParameterError(
                "key", f"found {key!r}, which is {space[key]}; a mask has a 0 or 1 for each of the {action.n} actions"
            )
        others = {name: part for name, part in space.spaces.items() if name != key}
        if not others:
            raise ValueError(f"the observation has no part besides {key!r}, so that nothing would be left of it")
        self._key = key
        self.observation_space = Dict(others)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """See `gymnasium.Env.reset`."""
        observation, info = super().reset(seed=seed, options=options)
        return self._taken(observation, info)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """See `gymnasium.Env.step`."""
        observation, reward, terminated, truncated, info = super().step(action)
        observation, info = self._taken(observation, info)
        return observation, reward, terminated, truncated, info

    def _taken(self, observation: Any, info: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """The observation without the mask, and the info with it; whether it is one is for its reader to say."""
        others = dict(observation)
        if self._key not in others:
            raise ValueError(f"the observation has no part {self._key!r}, which its space has")
        return others, {**info, ACTION_MASK: others.pop(self._key)}


def warn_of_unused_mask(environment: gymnasium.Env[Any, Any]) -> None:
    """Warn, once, of a mask among the parts of an observation, where it is numbers like any other."""
    space, action = environment.observation_space, environment.action_space
    if isinstance(space, Dict) and isinstance(action, Discrete) and _fits(space.spaces.get(ACTION_MASK), action):
        warn_once(
            f"the observation's part {ACTION_MASK!r} is seen and forbids nothing; "
            "wrappers: [mask_in_observation] makes it the mask of actions, keep_keys leaves it out"
        )


def _fits(part: Any, action: Discrete) -> bool:
    """Whether a part's space is one of n zeros and ones."""
    ones = isinstance(part, MultiBinary) or (isinstance(part, Box) and (part.low >= 0).all() and (part.high <= 1).all())
    return bool(ones and part.shape == (int(action.n),))
