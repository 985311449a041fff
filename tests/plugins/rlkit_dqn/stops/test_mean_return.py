from __future__ import annotations

import numpy as np
import pytest

from rlkit import History, ParameterError
from rlkit_dqn import MeanReturn


def history(returns):
    returns = np.array(returns, np.float64)
    return History(returns=returns, lengths=np.ones(len(returns), np.int64), steps=len(returns), updates=0, seconds=0.0)


def test_solved_once_the_mean_of_the_last_window_exceeds_the_threshold():
    stop = MeanReturn(window=3, threshold=10)
    assert stop.met(history([100, 9, 10, 11])) is None
    met = stop.met(history([0, 9, 10, 11.5]))
    assert met is not None and met.solved
    assert met.reason == "mean return of the last 3 episodes is 10.17 > 10"


def test_mean_equal_to_the_threshold_does_not_solve():
    assert MeanReturn(window=2, threshold=10).met(history([10, 10])) is None


def test_mean_is_over_all_episodes_while_there_are_fewer():
    met = MeanReturn().met(history([226]))
    assert met is not None and met.reason == "mean return of the last 1 episodes is 226.00 > 225"
    assert MeanReturn().met(history([226, 223])) is None


def test_no_episode_solves_nothing():
    assert MeanReturn(threshold=-1).met(history([])) is None
    assert MeanReturn().describe(history([])) == ""


def test_progress_in_words():
    assert MeanReturn().describe(history([100, 146.8])) == "mean of last 50: 123.4 of 225"


def test_window_is_at_least_one():
    with pytest.raises(ParameterError):
        MeanReturn(window=0)
