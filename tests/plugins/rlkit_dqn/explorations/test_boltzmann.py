from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import softmax
from scipy.stats import chisquare

from rlkit import ParameterError
from rlkit_dqn import Boltzmann, Linear
from tests.plugins.rlkit_dqn.words import call, noise, progress, seen

ROWS = 40_000
Q_VALUES = np.array([0.0, 1.0, 0.5, -1.0], np.float32)


def actions(exploration, values=Q_VALUES, **now):
    rows = tf.constant(np.tile(values, (ROWS, 1)))
    return exploration.select(rows, seen(np.zeros((ROWS, 1)), 4), call(noise(5, 4 * ROWS), **now))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
def test_actions_are_drawn_in_proportion_to_exp_q(temperature):
    chosen = actions(Boltzmann(temperature=temperature))
    assert chosen.dtype == tf.int32
    assert (
        chisquare(np.bincount(chosen, minlength=4), softmax(Q_VALUES.astype(np.float64) / temperature) * ROWS).pvalue
        > 0.001
    )


def test_great_values_do_not_overflow():
    chosen = actions(Boltzmann(temperature=1.0), Q_VALUES * 1e30)
    assert (chosen.numpy() == 1).all()


def test_temperature_follows_a_schedule_down_to_greedy():
    exploration = Boltzmann(temperature=Linear(start=1.0, end=0.0, over=10, by="episode"))
    assert float(exploration.report(progress(episode=5))["temperature"]) == 0.5
    assert (actions(exploration, episode=10).numpy() == 1).all()


def test_temperature_is_above_zero():
    with pytest.raises(ParameterError):
        Boltzmann(temperature=0.0)
