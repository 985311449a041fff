"""Observations as arrays of a kind that networks and the ring of stored steps take. Imports Gymnasium."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box, MultiBinary
from gymnasium.wrappers import TransformObservation

from rlkit_gymnasium.parts import Vectors


def array_observations(environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
    """The environment with array observations: one-hot if Discrete, a vector if they have parts; float32 for float64.

    Raises:
        ValueError: for text and other observations that have no fixed length.
    """
    space = environment.observation_space
    if isinstance(space, Box):
        return _float32(environment, space) if space.dtype == np.float64 else environment
    if isinstance(space, MultiBinary):
        return _checked_bits(environment, space)
    return flattened(environment)


def flattened(environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
    """The environment with vectors as observations: float32, or what all parts are if that is uint8 or bool.

    Raises:
        ValueError: for text and other observations that have no fixed length.
    """
    vectors = Vectors(environment.observation_space)
    return TransformObservation(environment, vectors, vectors.space)


def _checked_bits(environment: gymnasium.Env[Any, Any], space: MultiBinary) -> gymnasium.Env[Any, Any]:
    def check(observation: Any) -> Any:
        if not np.isin(observation, (0, 1)).all():
            raise ValueError(f"observation is outside its space, {space}")
        return observation

    return TransformObservation(environment, check, space)


def _float32(environment: gymnasium.Env[Any, Any], space: Box) -> gymnasium.Env[Any, Any]:
    # Bounds beyond float32's range become infinite.
    with np.errstate(over="ignore"):
        low, high = space.low.astype(np.float32), space.high.astype(np.float32)

    def cast(observation: Any) -> npt.NDArray[np.float32]:
        return np.asarray(observation, np.float32)

    return TransformObservation(environment, cast, Box(low, high, dtype=np.float32))
