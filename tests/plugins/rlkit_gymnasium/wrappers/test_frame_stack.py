"""Frames are kept as they were seen."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

from rlkit_gymnasium import FrameStack


class Reusing(gymnasium.Env[Any, Any]):
    """Shows one array again and again, as simulators do that write into a buffer of their own."""

    observation_space = gymnasium.spaces.Box(0, 9, (1,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self) -> None:
        self.shown = np.zeros(1, np.float32)

    def reset(self, **_: Any) -> Any:
        self.shown[:] = 0
        return self.shown, {}

    def step(self, action: Any) -> Any:
        self.shown += 1
        return self.shown, 0.0, False, False, {}


def test_an_array_that_is_shown_again_and_again_leaves_a_history() -> None:
    stacked = FrameStack(size=3).wrap(Reusing())
    stacked.reset(seed=0)
    assert [stacked.step(0)[0].ravel().tolist() for _ in range(3)] == [[0, 0, 1], [0, 1, 2], [1, 2, 3]]
