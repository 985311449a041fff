"""A game as the Arcade Learning Environment has them, in which a life lasts as long as it is told to."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Discrete


class Lives(gymnasium.Env[Any, Any]):
    """Loses a life at each of the frames `lost`, the game with its last; shows the frame's number.

    `calls` is what it was asked for: "reset(seed)", and the names of actions.
    """

    def __init__(
        self, lost: tuple[int, ...] = (2, 4, 6), meanings: tuple[str, ...] = ("NOOP", "FIRE", "RIGHT"), most: int = 99
    ) -> None:
        self.observation_space = Box(0, 99, (1,), np.float32)
        self.action_space = Discrete(len(meanings))
        self.lost, self.meanings, self.most = lost, meanings, most
        self.ale = self
        self.calls: list[str] = []

    def get_action_meanings(self) -> list[str]:
        return list(self.meanings)

    def lives(self) -> int:
        return sum(frame > self.frame for frame in self.lost)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        self.calls.append(f"reset({seed})")
        self.frame = 0
        return self._seen(), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.calls.append(self.meanings[action])
        self.frame += 1
        return self._seen(), 1.0, self.lives() == 0, self.frame >= self.most, {"frame": self.frame}

    def _seen(self) -> Any:
        return np.array([self.frame], np.float32)
