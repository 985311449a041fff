"""What is seen of several worlds before they are acted in: a `Seen` on the host, kept from step to step."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.replay.columns import action_column


class SeenArrays:
    """The arrays of a `Seen`, overwritten by every step."""

    def __init__(self, spaces: Spaces) -> None:
        count, space, (shape, dtype) = spaces.environments, spaces.observation, action_column(spaces)
        self.observation: npt.NDArray[Any] = np.zeros((count, *space.shape), space.dtype)
        self.first = np.ones(count, bool)
        self.previous_action: npt.NDArray[Any] = np.zeros((count, *shape), dtype)
        self.last_reward = np.zeros(count, np.float32)
        self.allowed: npt.NDArray[np.bool_] | None = None
        if isinstance(spaces.action, Discrete) and spaces.action.masked:
            self.allowed = np.ones((count, spaces.action.n), bool)
        everything = (self.observation, self.first, self.previous_action, self.last_reward, self.allowed)
        self.inputs = tuple(array for array in everything if array is not None)
        """In the order of `rlkit.programs.seeing.seen_inputs`."""

    def begin(self, index: int, observation: npt.NDArray[Any], allowed: npt.NDArray[np.bool_] | None) -> None:
        """An episode of this environment begins."""
        self.observation[index], self.first[index] = observation, True
        self.previous_action[index] = 0
        if self.allowed is not None:
            self.allowed[index] = allowed

    def follow(
        self, index: int, action: Any, reward: float, observation: npt.NDArray[Any], allowed: npt.NDArray[Any] | None
    ) -> None:
        """This environment took a step."""
        self.observation[index] = observation
        if self.first[index]:
            self.first[index] = False
        self.previous_action[index], self.last_reward[index] = action, reward
        if self.allowed is not None:
            self.allowed[index] = allowed
