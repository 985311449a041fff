"""Observations are clipped, and so are their bounds."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete

from rlkit import ParameterError
from rlkit_gymnasium import ObservationClip
from tests.plugins.rlkit_gymnasium.wrappers.shows import Shows


def clipped(space, shown, **parameters):
    wrapped = ObservationClip(**parameters).wrap(Shows(space, shown))
    return wrapped.reset(seed=0)[0], wrapped.observation_space


def test_elements_and_bounds_are_brought_between_low_and_high():
    space = Box(np.array([-np.inf, 0, -9]), np.array([np.inf, 1, -8]), dtype=np.float64)
    observation, bounds = clipped(space, np.array([1e300, 0.5, -8.5]), low=-5, high=5)
    assert observation.dtype == bounds.dtype == np.float32
    assert observation.tolist() == [5, 0.5, -5]
    assert (bounds.low.tolist(), bounds.high.tolist()) == ([-5, 0, -5], [5, 1, -5])
    assert bounds.contains(observation)


def test_a_list_is_along_the_last_axis():
    space = Box(-9, 9, (2, 2), np.float32)
    observation, _ = clipped(space, np.array([[-8, -8], [8, 8]], np.float32), low=(-1.0, -2.0), high=3.0)
    assert observation.tolist() == [[-1, -2], [3, 3]]


def test_nan_stays_nan():
    observation, _ = clipped(Box(-9, 9, (1,), np.float32), np.array([np.nan], np.float32), low=-1.0, high=1.0)
    assert np.isnan(observation).all()


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.0, 1.0, "high: found 1.0; allowed: above low (1.0)"),
        (0.5, (1.0, 0.25), "high: found 0.25; allowed: above low (0.5)"),
        ((0.0, 0.0), (1.0, 1.0, 1.0), "high: found a list of 3; allowed: as many as low has (2)"),
        ((), 1.0, "low: found an empty list; allowed: at least one number"),
    ],
)
def test_bounds_that_bound_nothing_are_refused(low, high, said):
    with pytest.raises(ParameterError) as refused:
        ObservationClip(low=low, high=high)
    assert str(refused.value) == said


def test_a_list_of_another_length_and_what_is_no_array_are_refused():
    with pytest.raises(ParameterError, match=r"low: found a list of 2; allowed for an observation of shape \(3,\)"):
        ObservationClip(low=(0.0, 0.0), high=1.0).wrap(Shows(Box(0, 1, (3,), np.float32)))
    with pytest.raises(ValueError, match="it reads arrays"):
        ObservationClip(low=0.0, high=1.0).wrap(Shows(Discrete(2)))
