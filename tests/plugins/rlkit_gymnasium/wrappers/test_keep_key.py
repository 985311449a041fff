"""One part of an observation stays as it is."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, Tuple

from rlkit import ParameterError
from rlkit_gymnasium import GymnasiumEnvironment, KeepKey
from tests.plugins.rlkit_gymnasium.wrappers.shows import Shows

PICTURE = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
SPACE = Box(0, 255, (2, 2, 3), np.uint8)


def test_a_picture_in_a_dict_stays_a_picture():
    wrapped = KeepKey(key="image").wrap(Shows(Dict(image=SPACE, text=Discrete(3)), {"image": PICTURE, "text": 1}))
    assert wrapped.observation_space == SPACE
    assert wrapped.reset(seed=0)[0] is wrapped.step(0)[0] is PICTURE


def test_the_part_of_a_tuple_is_named_by_its_number():
    wrapped = KeepKey(key=1).wrap(Shows(Tuple([Discrete(3), SPACE]), (2, PICTURE)))
    assert wrapped.observation_space == SPACE
    assert wrapped.reset(seed=0)[0] is PICTURE


def test_a_part_within_a_part_is_reached_by_two():
    inner = KeepKey(key="eye").wrap(Shows(Dict(eye=Tuple([SPACE])), {"eye": (PICTURE,)}))
    assert KeepKey(key=0).wrap(inner).reset(seed=0)[0] is PICTURE


@pytest.mark.parametrize(
    ("space", "key", "said"),
    [
        (Dict(a=SPACE, b=SPACE), "c", "key: found 'c'; allowed: a, b"),
        (Dict(a=SPACE, b=SPACE), 0, "key: found 0; allowed: a, b"),
        (Tuple([SPACE, SPACE]), 2, "key: found 2; allowed: 0, 1"),
        (Tuple([SPACE, SPACE]), "a", "key: found 'a'; allowed: 0, 1"),
    ],
)
def test_a_part_that_there_is_not_is_told_with_those_there_are(space, key, said):
    with pytest.raises(ParameterError) as refused:
        KeepKey(key=key).wrap(Shows(space))
    assert str(refused.value) == said


def test_observations_without_parts_are_refused():
    with pytest.raises(ValueError, match="it reads Dict and Tuple observations, and the observation is Discrete"):
        KeepKey(key="a").wrap(Shows(Discrete(2)))


def test_minigrid_s_picture_reaches_the_agent_as_one():
    pytest.importorskip("minigrid")
    made = GymnasiumEnvironment(id="MiniGrid-Empty-5x5-v0", wrappers=(KeepKey(key="image"),)).make(render=False)
    assert made.reset(seed=0)[0].shape == (7, 7, 3)
