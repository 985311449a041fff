"""Observations of several parts: one vector, each part checked and named by its key."""

from __future__ import annotations

import re
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Space, Text, Tuple
from gymnasium.spaces.utils import flatten

from rlkit import Array, Spaces
from rlkit.worlds.world import EnvironmentFailure, World
from rlkit_gymnasium.observations import array_observations
from rlkit_gymnasium.parts import Vectors

EVERYTHING = Dict(
    screen=Box(0, 255, (2, 3, 1), np.uint8),
    robot=Dict(arm=Box(-1, 1, (2,), np.float64), hand=MultiBinary(3)),
    dice=MultiDiscrete([3, 2]),
    coins=Tuple([Discrete(2), Discrete(3, start=1)]),
)


def test_vectors_are_those_of_gymnasium() -> None:
    vectors = Vectors(EVERYTHING)
    EVERYTHING.seed(1)
    for _ in range(20):
        observation = EVERYTHING.sample()
        vector = vectors(observation)
        assert vector.dtype == np.float32
        np.testing.assert_allclose(vector, flatten(EVERYTHING, observation), rtol=1e-6)
        assert vectors.space.contains(vector)


def test_parts_are_told_by_key_in_their_own_dtypes() -> None:
    told = {key: (part.shape, part.dtype) for key, part in Vectors(EVERYTHING).space.parts}
    assert told == {
        "screen": ((2, 3, 1), "uint8"),
        "robot/arm": ((2,), "float32"),
        "robot/hand": ((3,), "bool"),
        "dice": ((5,), "bool"),
        "coins/0": ((2,), "bool"),
        "coins/1": ((3,), "bool"),
    }


@pytest.mark.parametrize(
    ("space", "observation", "message"),
    [
        (Dict(a=Box(-1, 1, (3,), np.float32)), {"a": np.zeros(2, np.float32)}, "['a'] is of shape (2,); its space"),
        (Dict(a=Box(0, 255, (2,), np.uint8)), {"a": np.array([0.1, 300.0])}, "['a'] is of dtype float64; its space "),
        (Dict(a=Box(0, 255, (2,), np.uint8)), {"a": np.array([1, 300])}, "['a'] is array([ 1, 300]), beyond uint8"),
        (Dict(a=Discrete(3, start=1)), {"a": 0}, "['a'] is 0, outside its space, Discrete(3, start=1)"),
        (Dict(a=Discrete(3)), {"a": 1.0}, "['a'] is 1.0, no integer of Discrete(3)"),
        (MultiDiscrete([3, 4]), np.array([3, 0]), "observation is array([3, 0]), outside its space, MultiDiscrete"),
        (MultiDiscrete([3, 4]), np.array([0.5, 0]), "observation is array([0.5, 0. ])"),
        (Dict(a=MultiBinary(2)), {"a": np.array([0, 2])}, "['a'] is array([0, 2]), outside its space, MultiBinary(2)"),
        (Dict(a=Discrete(3)), {"b": 0}, "observation has the keys ['b']; its space has ['a']"),
        (Dict(a=Dict(b=Discrete(3))), {"a": {}}, "observation['a'] has the keys []; its space has ['b']"),
        (Tuple([Discrete(2), Discrete(2)]), (0,), "observation has 1 parts; its space has 2"),
        (Tuple([Discrete(2), Dict(c=Discrete(2))]), (0, {"c": 5}), "observation['1/c'] is 5, outside its space"),
    ],
)
def test_what_a_part_cannot_be_is_told_with_its_key(space: Space[Any], observation: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Vectors(space)(observation)


def test_text_is_refused_with_what_reads_it() -> None:
    with pytest.raises(ValueError, match=r"observation\['mission'\] is a Text, .* with the wrapper words"):
        Vectors(Dict(mission=Text(5)))


def test_a_single_kind_of_small_parts_stays_small() -> None:
    vectors = Vectors(Dict(a=Box(0, 255, (2,), np.uint8), b=Box(0, 9, (1,), np.uint8)))
    assert vectors.space.dtype == np.uint8
    assert vectors({"a": np.array([1, 2], np.uint8), "b": np.array([9], np.uint8)}).tolist() == [1, 2, 9]
    assert vectors.space.parts[1] == ("b", Array((1,), "uint8", (0.0,), (9.0,)))


class Showing(gymnasium.Env[Any, Any]):
    """Shows a speed that is no number, or none that float32 holds."""

    observation_space = Dict(speed=Box(-9, 9, (2,), np.float64), turn=Box(-9, 9, (1,), np.float32))
    action_space = Discrete(2)

    def __init__(self, speed: float) -> None:
        self.speed = speed

    def reset(self, **_: Any) -> Any:
        return {"speed": np.array([0.0, self.speed]), "turn": np.zeros(1, np.float32)}, {}


@pytest.mark.parametrize(("speed", "what"), [(np.nan, "NaN"), (1e300, "infinity")])
def test_a_number_that_is_none_is_told_with_the_key_of_its_part(speed: float, what: str) -> None:
    shown = array_observations(Showing(speed))
    world = World(shown, Spaces.of(shown), seed=0, stream="environment", steps_per_episode=None)
    with pytest.raises(EnvironmentFailure, match=rf"reset gave an observation\['speed'\] with {what}"):
        world.reset()
