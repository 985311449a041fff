from __future__ import annotations

import numpy as np
import pytest

from rlkit import History, ParameterError
from rlkit_dqn import NoImprovement

STOP = NoImprovement(window=5, patience=20)


def history(returns):
    returns = np.array(returns, np.float64)
    return History(returns=returns, lengths=np.ones(len(returns), np.int64), steps=len(returns), updates=0, seconds=0.0)


def first_stop(stop, returns):
    """After how many episodes training ends, or None."""
    return next((n for n in range(1, len(returns) + 1) if stop.met(history(returns[:n]))), None)


def test_rising_returns_go_on():
    assert first_stop(STOP, np.arange(200)) is None


def test_returns_that_stay_end_training_unsolved_after_window_and_patience():
    assert first_stop(STOP, [0.1] * 100) == 25
    met = STOP.met(history([0.1] * 25))
    assert met is not None and not met.solved
    assert met.reason == "the mean return of 5 episodes has not risen by more than 0 in 20 episodes"


def test_patience_counts_from_the_best_mean():
    rise = list(range(50))
    assert first_stop(STOP, rise + [0] * 100) == 50 + 20


def test_a_dip_that_is_overcome_within_patience_goes_on():
    assert first_stop(STOP, [10] * 10 + [0] * 10 + [11] * 10) is None


def test_a_rise_smaller_than_min_delta_does_not_count():
    slow = np.arange(200) * 0.01
    assert first_stop(NoImprovement(window=5, patience=20, min_delta=0.5), slow) == 25
    assert first_stop(NoImprovement(window=5, patience=20, min_delta=0.1), slow) is None


def test_progress_in_words():
    assert STOP.describe(history([0] * 24)) == ""
    assert STOP.describe(history([0] * 24 + [16])) == "best rise in 20 episodes: 3.2"


@pytest.mark.parametrize("given", [{"window": 0}, {"patience": 0}, {"min_delta": -1}])
def test_parameters_have_ranges(given):
    with pytest.raises(ParameterError):
        NoImprovement(**given)
