"""The environment whose actions of several parts are numbered. Imports Gymnasium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Space, Tuple

from rlkit_gymnasium.counting import combinations, digits

ACTION_MASK = "action_mask"
"""What the info calls the mask of allowed actions."""


class Numbered(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Takes the number of a combination, row-major, and combines masks of the parts."""

    def __init__(self, environment: gymnasium.Env[Any, Any]) -> None:
        """Raises ValueError for actions without parts that can be counted, and for too many combinations."""
        super().__init__(environment)
        space = environment.action_space
        if isinstance(space, Discrete):
            raise ValueError(f"the action is one number already: {space}")
        self._parts = space
        self._sizes = tuple(_sizes(space, "the action"))
        self.action_space = Discrete(combinations(self._sizes, f"the action {space}"))

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """See `gymnasium.Env.reset`."""
        observation, info = super().reset(seed=seed, options=options)
        return observation, self._combined(info)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """See `gymnasium.Env.step`."""
        taken = _action(self._parts, iter(digits(int(action), self._sizes)))
        observation, reward, terminated, truncated, info = super().step(taken)
        return observation, reward, terminated, truncated, self._combined(info)

    def _combined(self, info: Any) -> Any:
        """The info with one mask of all combinations, int8 (n,), in place of one for each part."""
        if not isinstance(info, Mapping) or ACTION_MASK not in info:
            return info
        try:
            parts = list(_allowed(self._parts, info[ACTION_MASK]))
        except _AnotherForm:
            return info  # whoever reads it says what it must be
        combined = reduce(np.logical_and.outer, parts, np.ones((), bool)).reshape(-1)
        return {**info, ACTION_MASK: combined.astype(np.int8)}


class _AnotherForm(Exception):
    """A mask that `sample(mask)` of the space would not take."""


def _children(space: Tuple[Any] | Dict) -> list[tuple[Any, Space[Any]]]:
    """(key or index, part), in order."""
    return list(space.spaces.items()) if isinstance(space, Dict) else list(enumerate(space.spaces))


def _sizes(space: Space[Any], path: str) -> Iterator[int]:
    """Of each single choice that an action consists of, in order."""
    match space:
        case Discrete():
            yield int(space.n)
        case MultiDiscrete():
            yield from space.nvec.reshape(-1).tolist()
        case MultiBinary():
            yield from (2,) * int(np.prod(space.shape))
        case Tuple() | Dict():
            for key, part in _children(space):
                yield from _sizes(part, f"{path}[{key!r}]")
        case _:
            hint = "; for a Box there is the wrapper discretize_actions" if isinstance(space, Box) else ""
            raise ValueError(f"it numbers combinations of discrete choices, and {path} is {space}{hint}")


def _action(space: Space[Any], choices: Iterator[int]) -> Any:
    """The action that consists of the choices, each counted from 0, as the space has it."""
    match space:
        case Discrete():
            return space.dtype.type(space.start + next(choices))
        case MultiDiscrete():
            taken = [next(choices) for _ in range(space.nvec.size)]
            return (np.reshape(taken, space.nvec.shape) + space.start).astype(space.dtype)
        case MultiBinary():
            taken = [next(choices) for _ in range(int(np.prod(space.shape)))]
            return np.reshape(taken, space.shape).astype(space.dtype)
        case Dict():
            return {key: _action(part, choices) for key, part in _children(space)}
        case _:
            assert isinstance(space, Tuple)
            return tuple(_action(part, choices) for _, part in _children(space))


def _allowed(space: Space[Any], mask: Any) -> Iterator[npt.NDArray[np.bool_]]:
    """(size,) bool for each single choice. Raises _AnotherForm."""
    if mask is None:  # as in a mask of a Tuple: this part has none
        yield from (np.ones(size, bool) for size in _sizes(space, ""))
        return
    match space:
        case Discrete():
            yield _array(mask, (int(space.n),), 1) == 1
        case MultiDiscrete():
            yield from _of_elements(space.nvec.tolist(), mask)
        case MultiBinary():
            # For each bit 0 or 1, the only value allowed, or 2 for both.
            for bit in _array(mask, tuple(space.shape), 2).reshape(-1).tolist():
                yield np.array([bit != 1, bit != 0])
        case Tuple() if isinstance(mask, tuple) and len(mask) == len(space.spaces):
            for part, its_own in zip(space.spaces, mask, strict=True):
                yield from _allowed(part, its_own)
        case Dict() if isinstance(mask, Mapping) and mask.keys() == space.spaces.keys():
            for key, part in _children(space):
                yield from _allowed(part, mask[key])
        case _:
            raise _AnotherForm


def _of_elements(sizes: Any, mask: Any) -> Iterator[npt.NDArray[np.bool_]]:
    """Those of a MultiDiscrete, whose mask is a tuple for each of its axes."""
    if isinstance(sizes, int):
        yield _array(mask, (sizes,), 1) == 1
        return
    if not (isinstance(mask, tuple) and len(mask) == len(sizes)):
        raise _AnotherForm
    for inner, its_own in zip(sizes, mask, strict=True):
        yield from _of_elements(inner, its_own)


def _array(mask: Any, shape: tuple[int, ...], most: int) -> npt.NDArray[Any]:
    """The mask as an array of whole numbers from 0 to `most`. Raises _AnotherForm."""
    try:
        found = np.asarray(mask)
    except ValueError:
        raise _AnotherForm from None
    if found.shape != shape or not np.isin(found, range(most + 1)).all():
        raise _AnotherForm
    return found
