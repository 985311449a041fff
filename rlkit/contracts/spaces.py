"""What an environment shows and accepts, in plain data: no Gymnasium object, no TensorFlow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import gymnasium
    import numpy as np
    import numpy.typing as npt

Bound: TypeAlias = float | tuple[float, ...]
"""Of all elements of an array, or by element, the last axis running fastest."""


class Array(NamedTuple):
    """Arrays of one shape and dtype, between two bounds."""

    shape: tuple[int, ...]
    dtype: str
    low: Bound = -math.inf
    high: Bound = math.inf
    stack: int = 1
    """Frames along the first axis, the newest last: an observation's others are the one's before, moved down by one,
    and an episode's first observation repeats one frame. 1: nothing is stacked."""
    parts: tuple[tuple[str, Array], ...] = ()
    """By key, what a vector consists of, in order, each part's values in C order: of a Dict or a Tuple. A part's dtype
    is its own, in which it is kept; the vector's holds all of their values."""

    def __str__(self) -> str:
        whole = f"{self.dtype} array of shape {self.shape}"
        return whole + (f" ({', '.join(f'{key}: {part}' for key, part in self.parts)})" if self.parts else "")

    def bounds(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """(*shape) each: the least and the greatest value of every element."""
        import numpy as np

        low, high = (
            np.broadcast_to(bound, self.shape) if isinstance(bound, (int, float)) else np.reshape(bound, self.shape)
            for bound in (self.low, self.high)
        )
        return np.asarray(low, np.float64), np.asarray(high, np.float64)


class Discrete(NamedTuple):
    """Choices 0 … n - 1. The environment itself counts from `start`."""

    n: int
    start: int = 0
    masked: bool = False
    """The environment says at each step which of them are allowed."""

    def __str__(self) -> str:
        return f"{self.n} discrete choices"


ACTION_MASK = "action_mask"
"""What a Gymnasium environment's info calls the actions that are allowed, as Taxi does: (n,) of zeros and ones."""


class SpaceError(ValueError):
    """A Gymnasium space that has no counterpart here."""


class Normalization(NamedTuple):
    """That the agent sees observations less their running mean, divided by their running standard deviation.

    The statistics are variables of the run: saved with the weights, part of the policy, still while it is evaluated.
    """

    clip: float = 10.0
    """What the agent sees lies within ± this many standard deviations."""
    epsilon: float = 1e-8
    """Added to the variance."""


class RewardNormalization(NamedTuple):
    """That the agent learns from rewards divided by the running standard deviation of the discounted return.

    The statistics are variables of the run, as those of a `Normalization`; returns are told as they came.
    """

    gamma: float = 0.99
    """Discount of that return."""
    clip: float = 10.0
    """What the agent learns from lies within ± this."""
    epsilon: float = 1e-8
    """Added to the variance."""


class Spaces(NamedTuple):
    """The spaces of one environment, and how many environments act at once."""

    observation: Array
    action: Array | Discrete
    environments: int = 1
    normalization: Normalization | None = None
    """Of observations, by the core."""
    reward_normalization: RewardNormalization | None = None
    """Of rewards, by the core."""

    @classmethod
    def of(cls, environment: gymnasium.Env[Any, Any], environments: int = 1, stack: int = 1) -> Spaces:
        """The spaces of a Gymnasium environment, of which so many act at once, and whose observations stack frames.

        Observations: Box and MultiBinary; a Box that has `parts` is a vector of those (`Array.parts`). Actions:
        Discrete and Box. Whether it has a mask is not looked at (`forbids_actions`).

        Raises:
            SpaceError: for any other space; an environment plugin flattens or encodes those itself.
        """
        observation = _space(environment.observation_space, "observation")
        if isinstance(observation, Discrete):
            raise SpaceError(
                "observation space Discrete is not an array; encode it (gymnasium.wrappers.FlattenObservation)"
            )
        spaces = cls(observation._replace(stack=stack), _space(environment.action_space, "action"), environments)
        spaces.check()
        if stack > 1 and observation.shape[:1] != (stack,):
            raise SpaceError(f"{stack} frames are stacked, and the observation is a {observation}")
        return spaces

    def check(self) -> None:
        """Raise SpaceError for an observation without a value, or an action without a choice or a value."""
        for role, space in (("observation", self.observation), ("action", self.action)):
            if isinstance(space, Discrete) and space.n < 1:
                raise SpaceError(f"the {role} has {space.n} choices; at least 1 is needed")
            if isinstance(space, Array) and any(size < 1 for size in space.shape):
                raise SpaceError(f"the {role} is a {space}, which holds no value; at least 1 is needed")

    def masked(self) -> Spaces:
        """The same with the word that the environment says which actions are allowed."""
        assert isinstance(self.action, Discrete)
        return self._replace(action=self.action._replace(masked=True))


def _space(space: Any, role: str) -> Array | Discrete:
    import gymnasium

    if isinstance(space, gymnasium.spaces.Discrete):
        return Discrete(int(space.n), int(space.start))
    if isinstance(space, gymnasium.spaces.Box):
        parts = tuple(getattr(space, "parts", ()))
        return Array(tuple(space.shape), str(space.dtype), _bound(space.low), _bound(space.high), parts=parts)
    if isinstance(space, gymnasium.spaces.MultiBinary) and role == "observation":
        return Array(tuple(space.shape), str(space.dtype), 0.0, 1.0)
    raise SpaceError(
        f"{role} space {space} is not supported; supported: Box, Discrete (actions), MultiBinary (observations)"
    )


def _bound(values: npt.NDArray[Any]) -> Bound:
    """One number where all elements have the same."""
    flat: list[float] = values.reshape(-1).astype(float).tolist()
    return flat[0] if len(set(flat)) == 1 else tuple(flat)
