from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
import pytest

from rlkit import component, parameter
from rlkit.testing import Chain, EnvironmentSuite

KEEPS = "test_it_keeps_gymnasiums_contract"
OWN = "test_every_make_gives_an_environment_of_its_own"
AGAIN = "test_a_seed_gives_the_same_episodes_on_a_fresh_object"
one = Chain()
count = itertools.count()


class Odd(Chain):
    """A chain that does what `how` says."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how
        self.render_mode = "human"
        if how == "dict observations":
            self.observation_space = gymnasium.spaces.Dict({})  # type: ignore[assignment]

    def reset(self, **given: Any) -> Any:
        observation, info = super().reset(**given)
        if self.how == "ignores its seed":
            observation[:] = np.random.random(4)
        return observation, info

    def step(self, action: Any) -> Any:
        observation, reward, terminated, truncated, info = super().step(action)
        match self.how:
            case "old four-tuple":
                return observation, reward, terminated, info
            case "leaves its space":
                observation[0] = 7.0
            case "reward is NaN":
                reward = float("nan")
            case "shares a counter":
                reward = float(next(count))
            case "raises":
                raise RuntimeError("the game crashed")
        return observation, reward, terminated, truncated, info


@component
class Broken:
    """Makes such chains."""

    how: str = parameter(default="", doc="what is wrong")

    def make(self, *, render: bool) -> gymnasium.Env[Any, Any]:
        if render and self.how == "cannot be drawn":
            raise ImportError("no pygame")
        return one if self.how == "one object for all" else Odd(self.how)


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("old four-tuple", KEEPS, ("step returned tuple", "terminated, truncated, info")),
        ("leaves its space", KEEPS, ("observations in Box(0.0, 1.0, (4,), float32)", "7.")),
        ("reward is NaN", KEEPS, ("the reward is nan; it must be a finite number",)),
        ("raises", KEEPS, ("step raised RuntimeError: the game crashed",)),
        ("one object for all", OWN, ("a fresh environment each time; found the same object twice",)),
        ("shares a counter", OWN, ("an environment that another one's steps do not move",)),
        ("ignores its seed", AGAIN, ("the same episodes from the same seeds and actions",)),
        ("dict observations", "test_its_spaces_can_be_read", ("spaces that rlkit reads; found", "Dict")),
        ("cannot be drawn", "test_it_can_be_shown_or_says_why_not", ("a ValueError", "no pygame")),
        ("", "test_it_can_be_shown_or_says_why_not", ("rgb_array", "found render_mode 'human'")),
    ],
)
def test_broken_environment_is_told_what_is_wrong(
    how: str, test: str, words: tuple[str, ...], sentence: Callable[..., str]
) -> None:
    message = sentence(EnvironmentSuite, Broken(how=how), test)
    assert all(word in message for word in words), message
