from __future__ import annotations

import numpy as np
import pytest

from rlkit import History, ParameterError
from rlkit_dqn import MaxSeconds, MaxSteps


def history(steps=0, seconds=0.0):
    return History(returns=np.zeros(1), lengths=np.ones(1, np.int64), steps=steps, updates=0, seconds=seconds)


def test_enough_steps_end_training_unsolved():
    stop = MaxSteps(steps=1000)
    assert stop.met(history(steps=999)) is None
    met = stop.met(history(steps=1003))
    assert met is not None and not met.solved
    assert met.reason == "1,003 environment steps were taken; max_steps is 1,000"
    assert stop.describe(history(steps=999)) == "step 999 of 1,000"


def test_enough_seconds_end_training_unsolved():
    stop = MaxSeconds(seconds=1.5)
    assert stop.met(history(seconds=1.4)) is None
    met = stop.met(history(seconds=1.5))
    assert met is not None and not met.solved
    assert met.reason == "training took 1.5 s; max_seconds is 1.5"
    assert stop.describe(history(seconds=0.9)) == "1 s of 1.5"


@pytest.mark.parametrize("make", [lambda: MaxSteps(steps=0), lambda: MaxSeconds(seconds=0)])
def test_limits_are_above_zero(make):
    with pytest.raises(ParameterError):
        make()
