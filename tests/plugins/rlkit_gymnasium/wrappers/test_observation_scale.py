"""Observations are scaled by constants, and so are their bounds."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete

from rlkit import ParameterError
from rlkit_gymnasium import ObservationScale
from tests.plugins.rlkit_gymnasium.wrappers.shows import Shows


def scaled(space, shown, **parameters):
    wrapped = ObservationScale(**parameters).wrap(Shows(space, shown))
    observation = wrapped.reset(seed=0)[0]
    assert wrapped.observation_space.contains(observation)
    assert observation.dtype == wrapped.observation_space.dtype == np.float32
    return observation.tolist(), wrapped.observation_space


def test_pictures_come_to_lie_between_0_and_1():
    picture = np.array([[[0, 51, 255]]], np.uint8)
    observation, space = scaled(Box(0, 255, (1, 1, 3), np.uint8), picture, divide=255)
    assert observation == [[[0.0, pytest.approx(0.2), 1.0]]]
    assert space == Box(0.0, 1.0, (1, 1, 3), np.float32)


def test_each_element_has_its_own_numbers():
    space = Box(np.array([-2, 0], np.float32), np.array([2, 10], np.float32))
    observation, bounds = scaled(space, np.array([1, 8], np.float32), subtract=(0.0, 5.0), divide=(2.0, 5.0))
    assert observation == pytest.approx([0.5, 0.6])
    assert (bounds.low.tolist(), bounds.high.tolist()) == ([-1, -1], [1, 1])


def test_a_list_is_along_the_last_axis():
    space = Box(0, 8, (2, 2), np.int32)
    assert scaled(space, np.array([[1, 2], [3, 4]], np.int32), divide=(1.0, 4.0))[0] == [[1, 0.5], [3, 1]]


def test_a_small_difference_of_large_numbers_survives():
    shown = np.array([1e9 + 1])
    assert scaled(Box(0, 2e9, (1,), np.float64), shown, subtract=1e9, divide=4.0)[0] == [0.25]


def test_infinite_bounds_stay_so_and_finite_ones_may_become_so():
    low, high = np.array([-np.inf, -3e38], np.float32), np.array([np.inf, 3e38], np.float32)
    _, space = scaled(Box(low, high), np.zeros(2, np.float32), divide=0.5)
    assert (space.low.tolist(), space.high.tolist()) == ([-np.inf] * 2, [np.inf] * 2)


def test_the_greatest_value_stays_within_its_bound_whatever_is_divided_by():
    for divide in np.random.default_rng(0).uniform(0.01, 300, 200).tolist():
        for dtype in (np.uint8, np.float32, np.float64):
            scaled(Box(0, 7, (1,), dtype), np.array([7], dtype), subtract=0.1, divide=divide)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (
            {"divide": (1.0, 2.0)},
            "divide: found a list of 2; allowed for an observation of shape (3,): one number, or 3",
        ),
        ({"subtract": (), "divide": 1.0}, "subtract: found a list of 0; allowed for an observation of shape (3,)"),
    ],
)
def test_a_list_of_another_length_is_refused(parameters, said):
    with pytest.raises(ParameterError) as refused:
        ObservationScale(**parameters).wrap(Shows(Box(0, 1, (3,), np.float32)))
    assert said in str(refused.value)


def test_what_is_no_array_is_refused():
    with pytest.raises(ValueError, match=r"it reads arrays, and the observation is Discrete\(2\); put the wrapper fla"):
        ObservationScale(divide=2.0).wrap(Shows(Discrete(2)))
