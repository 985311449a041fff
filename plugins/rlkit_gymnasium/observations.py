"""Observations as arrays of a kind that networks and the ring of stored steps take. Imports Gymnasium."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box, Discrete
from gymnasium.wrappers import TransformObservation


def array_observations(environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
    """The environment with Discrete observations one-hot, and float64 Boxes as float32; any other as it is."""
    space = environment.observation_space
    if isinstance(space, Discrete):
        return _one_hot(environment, int(space.n), int(space.start))
    if isinstance(space, Box) and space.dtype == np.float64:
        return _float32(environment, space)
    return environment


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
