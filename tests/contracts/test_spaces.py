"""What an environment shows and accepts: something."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Box

from rlkit import Array, Discrete, Spaces
from rlkit.contracts.compiled_environment import spaces_of
from rlkit.contracts.spaces import SpaceError

SEEN, DONE = Array((3,), "float32"), Discrete(2)


@pytest.mark.parametrize(
    ("observation", "action", "said"),
    [
        (Array((0,), "float32"), DONE, "the observation is a float32 array of shape (0,), which holds no value"),
        (Array((3, 0, 2), "uint8"), DONE, "the observation is a uint8 array of shape (3, 0, 2), which holds no value"),
        (SEEN, Array((0,), "float32"), "the action is a float32 array of shape (0,), which holds no value"),
        (SEEN, Discrete(0), "the action has 0 choices"),
    ],
)
def test_a_space_that_holds_nothing_is_refused(observation: Array, action: Any, said: str) -> None:
    class Compiled:
        def spaces(self) -> Spaces:
            return Spaces(observation, action)

    with pytest.raises(SpaceError) as refused:
        spaces_of(Compiled())  # type: ignore[arg-type]
    assert str(refused.value) == f"{said}; at least 1 is needed"


def test_a_gymnasium_environment_that_shows_nothing_is_refused() -> None:
    made: Any = gymnasium.Env()
    made.observation_space, made.action_space = Box(-1, 1, (0,), np.float32), gymnasium.spaces.Discrete(2)
    with pytest.raises(SpaceError, match="holds no value"):
        Spaces.of(made)
    made.observation_space = Box(-1, 1, (), np.float32)
    assert Spaces.of(made).observation.shape == ()
