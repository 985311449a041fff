"""Text in observations as zeros and ones."""

from __future__ import annotations

from typing import Any

import gymnasium
import pytest
from gymnasium.spaces import Dict, Discrete, Space, Text

from rlkit import ParameterError
from rlkit_gymnasium.wrappers.words import Words


class MissionSpace(Space[str]):
    """Text of which nothing is said, as MiniGrid has it."""


class Told(gymnasium.Env[Any, Any]):
    """Shows one text."""

    action_space = Discrete(2)

    def __init__(self, text: Any, key: str | None = "mission") -> None:
        self._text, self._key = text, key
        space = Text(6, charset="abc ")
        self.observation_space = space if key is None else Dict({key: space, "other": Discrete(3)})

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        return (self._text if self._key is None else {self._key: self._text, "other": 2}), {}


def encoded(text: Any, **parameters: Any) -> list[int]:
    observation, _ = Words(**{"key": "mission", **parameters}).wrap(Told(text)).reset()
    assert observation["other"] == 2
    return observation["mission"].tolist()


def test_a_bag_of_words_says_which_occur() -> None:
    assert encoded("Go to the ball, go!", vocabulary=("ball", "go", "key", "the", "to")) == [1, 1, 0, 1, 1]


def test_places_keep_the_order() -> None:
    assert encoded("go left", vocabulary=("go", "left"), length=3) == [1, 0, 0, 1, 0, 0]
    assert encoded("left go", vocabulary=("go", "left"), length=3) == [0, 1, 1, 0, 0, 0]


def test_without_a_vocabulary_characters_are_read() -> None:
    environment = Words().wrap(Told("ab", key=None))
    observation, _ = environment.reset()
    assert observation.shape == (6 * 4,)
    assert observation.sum() == 2
    assert environment.observation_space.contains(observation)


@pytest.mark.parametrize(
    ("text", "parameters", "message"),
    [
        ("go up", {"vocabulary": ("go",)}, "has no 'up' in its vocabulary"),
        ("go go", {"vocabulary": ("go",), "length": 1}, "is longer than the 1 places"),
        (7, {"vocabulary": ("go",)}, "found int 7 where the wrapper words reads text"),
    ],
)
def test_a_text_that_does_not_fit_is_an_error(text: Any, parameters: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        encoded(text, **parameters)


def test_a_part_and_a_vocabulary_that_are_needed_are_asked_for() -> None:
    with pytest.raises(ParameterError, match="key: is needed: the observation has the parts mission, other"):
        Words().wrap(Told("go"))
    told = Told("go to a ball")
    told.observation_space = Dict(mission=MissionSpace(), other=Discrete(3))
    said = "vocabulary: is needed: MissionSpace does not say its characters; an episode shows 'go to a ball'"
    with pytest.raises(ParameterError, match=said):
        Words(key="mission").wrap(told)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"key": "misson", "vocabulary": ("go",)}, "key: found 'misson'; allowed: mission, other"),
        ({"key": "mission", "vocabulary": ("go", "go")}, "vocabulary: found a word twice"),
        ({"key": "mission", "vocabulary": ("Go",)}, "vocabulary: found 'Go'; allowed: words in lower case"),
    ],
)
def test_parameters_that_make_no_sense_are_named(parameters: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Words(**parameters).wrap(Told("go"))
