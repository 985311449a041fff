"""What an environment shows and accepts, in plain data: no Gymnasium object, no TensorFlow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import gymnasium


class Array(NamedTuple):
    """Arrays of one shape and dtype; `low` and `high` are the smallest and largest bound of any element."""

    shape: tuple[int, ...]
    dtype: str
    low: float = -math.inf
    high: float = math.inf
    stack: int = 1
    """Frames along the first axis, the newest last: an observation's others are the one's before, moved down by one,
    and an episode's first observation repeats one frame. 1: nothing is stacked."""

    def __str__(self) -> str:
        return f"{self.dtype} array of shape {self.shape}"


class Discrete(NamedTuple):
    """Choices 0 … n - 1. The environment itself counts from `start`."""

    n: int
    start: int = 0

    def __str__(self) -> str:
        return f"{self.n} discrete choices"


class SpaceError(ValueError):
    """A Gymnasium space that has no counterpart here."""


class Spaces(NamedTuple):
    """The spaces of one environment, and how many environments act at once."""

    observation: Array
    action: Array | Discrete
    environments: int = 1

    @classmethod
    def of(cls, environment: gymnasium.Env[Any, Any], environments: int = 1, stack: int = 1) -> Spaces:
        """The spaces of a Gymnasium environment, of which so many act at once, and whose observations stack frames.

        Observations: Box and MultiBinary. Actions: Discrete and Box.

        Raises:
            SpaceError: for any other space; an environment plugin flattens or encodes those itself.
        """
        observation = _space(environment.observation_space, "observation")
        if isinstance(observation, Discrete):
            raise SpaceError(
                "observation space Discrete is not an array; encode it (gymnasium.wrappers.FlattenObservation)"
            )
        if stack > 1 and observation.shape[:1] != (stack,):
            raise SpaceError(f"{stack} frames are stacked, and the observation is a {observation}")
        return cls(observation._replace(stack=stack), _space(environment.action_space, "action"), environments)


def _space(space: Any, role: str) -> Array | Discrete:
    import gymnasium

    if isinstance(space, gymnasium.spaces.Discrete):
        return Discrete(int(space.n), int(space.start))
    if isinstance(space, gymnasium.spaces.Box):
        low, high = (float(space.low.min()), float(space.high.max())) if space.low.size else (-math.inf, math.inf)
        return Array(tuple(space.shape), str(space.dtype), low, high)
    if isinstance(space, gymnasium.spaces.MultiBinary) and role == "observation":
        return Array(tuple(space.shape), str(space.dtype), 0.0, 1.0)
    raise SpaceError(
        f"{role} space {space} is not supported; supported: Box, Discrete (actions), MultiBinary (observations)"
    )
