"""What all probe worlds have in common."""

from __future__ import annotations

from typing import Any, NamedTuple

import gymnasium
import numpy as np
import numpy.typing as npt

Observation = npt.NDArray[np.float32]


class KnownValues(NamedTuple):
    """Action values under the best policy."""

    observations: npt.NDArray[np.float32]
    """(N, *o)."""
    values: npt.NDArray[np.float64]
    """(N, actions)."""


class ProbeWorld(gymnasium.Env[Observation, np.int64]):
    """Numbered places, seen as one-hot vectors, and a few actions. Registered nowhere: make it by its class."""

    def __init__(self, places: int, actions: int) -> None:
        self.observation_space = gymnasium.spaces.Box(0.0, 1.0, (places,), np.float32)
        self.action_space = gymnasium.spaces.Discrete(actions)
        self.place = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin at `start()`."""
        super().reset(seed=seed)
        self.place = self.start()
        return self.seen(self.place), {}

    def step(self, action: np.int64) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Go where `move` leads."""
        self.place, reward, terminated, truncated = self.move(int(action))
        return self.seen(self.place), reward, terminated, truncated, {}

    def seen(self, place: int) -> Observation:
        """One-hot, float32."""
        assert self.observation_space.shape is not None
        observation = np.zeros(self.observation_space.shape, np.float32)
        observation[place] = 1.0
        return observation

    def start(self) -> int:
        """Where an episode begins."""
        return 0

    def move(self, action: int) -> tuple[int, float, bool, bool]:
        """(next place, reward, terminated, truncated)."""
        raise NotImplementedError

    def known_values(self, gamma: float) -> KnownValues:
        """The action values of the best policy, discounted by `gamma`, at the places where an action matters."""
        raise NotImplementedError

    def known(self, values: dict[int, tuple[float, ...]]) -> KnownValues:
        """By place."""
        return KnownValues(np.stack([self.seen(place) for place in values]), np.array(list(values.values())))
