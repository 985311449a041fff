"""Observations as arrays of a kind that networks and the ring of stored steps take. Imports Gymnasium."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Space, Tuple
from gymnasium.spaces.utils import flatten, flatten_space
from gymnasium.wrappers import TransformObservation

_SMALL = (np.dtype(np.uint8), np.dtype(np.bool_))


def array_observations(environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
    """The environment with array observations: one-hot if Discrete, flattened if they have parts; float32 for float64.

    Raises:
        ValueError: for text and other observations that have no fixed length.
    """
    space = environment.observation_space
    if isinstance(space, Discrete):
        return _one_hot(environment, int(space.n), int(space.start))
    if isinstance(space, Box) and space.dtype == np.float64:
        return _float32(environment, space)
    if isinstance(space, (Box, MultiBinary)):
        return environment
    return flattened(environment)


def flattened(environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
    """The environment with vectors as observations: float32, or what all parts are if that is uint8 or bool.

    Raises:
        ValueError: for text and other observations that have no fixed length.
    """
    space = environment.observation_space
    _check_parts(space, "observation")
    vector = flatten_space(space)
    assert isinstance(vector, Box)
    dtype = vector.dtype if vector.dtype in _SMALL else np.dtype(np.float32)
    with np.errstate(over="ignore"):  # bounds beyond float32's range become infinite
        low, high = vector.low.astype(dtype), vector.high.astype(dtype)

    def flat(observation: Any) -> npt.NDArray[Any]:
        _check_keys(space, observation, "observation")
        return np.asarray(flatten(space, observation)).astype(dtype, copy=False)

    return TransformObservation(environment, flat, Box(low, high, dtype=dtype.type))


def _check_parts(space: Space[Any], path: str) -> None:
    """Raise ValueError for a part that is no array, in words that say how to leave it out."""
    if isinstance(space, (Dict, Tuple)):
        parts = space.spaces.items() if isinstance(space, Dict) else enumerate(space.spaces)
        for key, part in parts:
            _check_parts(part, f"{path}[{key!r}]")
    elif not isinstance(space, (Box, Discrete, MultiBinary, MultiDiscrete)):
        raise ValueError(
            f"{path} is a {type(space).__name__}, which has no fixed number of values; "
            "leave it out with the wrapper keep_keys (or minigrid_image)"
        )


def _check_keys(space: Space[Any], observation: Any, path: str) -> None:
    if isinstance(space, Dict):
        if not isinstance(observation, dict) or observation.keys() != space.spaces.keys():
            found = f"the keys {list(observation)}" if isinstance(observation, dict) else type(observation).__name__
            raise ValueError(f"{path} has {found}; its space has {list(space.spaces)}")
        for key, part in space.spaces.items():
            _check_keys(part, observation[key], f"{path}[{key!r}]")


def _one_hot(environment: gymnasium.Env[Any, Any], n: int, start: int) -> gymnasium.Env[Any, Any]:
    def encode(observation: Any) -> npt.NDArray[np.float32]:
        index = int(observation) - start
        if not 0 <= index < n:
            raise ValueError(f"observation {observation!r} is outside its space, Discrete({n}, start={start})")
        row = np.zeros(n, np.float32)
        row[index] = 1.0
        return row

    return TransformObservation(environment, encode, Box(0.0, 1.0, (n,), np.float32))


def _float32(environment: gymnasium.Env[Any, Any], space: Box) -> gymnasium.Env[Any, Any]:
    # Bounds beyond float32's range become infinite.
    with np.errstate(over="ignore"):
        low, high = space.low.astype(np.float32), space.high.astype(np.float32)
    return TransformObservation(
        environment, lambda observation: np.asarray(observation, np.float32), Box(low, high, dtype=np.float32)
    )
