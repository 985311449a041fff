"""Numbers given for all elements of an observation, or one for each place along its last axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rlkit import ParameterError

if TYPE_CHECKING:
    import gymnasium

Numbers = float | tuple[float, ...]
"""Of all elements, or one for each place along the last axis: an element of a vector, a channel of a picture."""


def check_length(name: str, numbers: Numbers, space: gymnasium.spaces.Box) -> None:
    """Raise ParameterError, in the words of the parameter `name`, for a list that does not fit the last axis."""
    if not isinstance(numbers, tuple):
        return
    length = space.shape[-1] if space.shape else 0
    if len(numbers) != length:
        allowed = f"one number, or {length}, one for each place along the last axis" if length else "one number"
        shown = f"an observation of shape {space.shape}"
        raise ParameterError(name, f"found a list of {len(numbers)}; allowed for {shown}: {allowed}")


def box_of(environment: gymnasium.Env[object, object]) -> gymnasium.spaces.Box:
    """The space of observations that are arrays of numbers. Raises ValueError for others."""
    from gymnasium.spaces import Box

    space = environment.observation_space
    if not isinstance(space, Box):
        raise ValueError(f"it reads arrays, and the observation is {space}; put the wrapper flatten before it")
    return space
