from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import chisquare

from rlkit import ParameterError
from rlkit_dqn import EpsilonGreedy, Linear
from tests.plugins.rlkit_dqn.words import call, noise, progress, seen

ROWS = 60_000


def actions(exploration, **now):
    values = tf.constant([[0.0, 2.0, 1.0, -1.0]] * ROWS)
    return exploration.select(values, seen(np.zeros((ROWS, 1)), 4), call(noise(3, ROWS, ROWS), **now))


@pytest.mark.parametrize("epsilon", [0.1, 0.5, 1.0])
def test_actions_have_the_policy_s_probabilities(epsilon):
    chosen = actions(EpsilonGreedy(start=epsilon, end=epsilon))
    assert chosen.dtype == tf.int32
    share = np.full(4, epsilon / 4)
    share[1] += 1 - epsilon
    assert chisquare(np.bincount(chosen, minlength=4), share * ROWS).pvalue > 0.001


def test_epsilon_zero_is_greedy():
    assert (actions(EpsilonGreedy(start=0.0, end=0.0)).numpy() == 1).all()


def test_epsilon_decays_by_episode_as_in_the_document():
    exploration, epsilon = EpsilonGreedy(), 1.0
    for episode in range(600):
        reported = exploration.report(progress(step=10_000, episode=episode))
        np.testing.assert_allclose(reported["epsilon"], epsilon, rtol=1e-6)
        if epsilon > 0.1:
            epsilon = max(epsilon * 0.995, 0.1)
    assert epsilon == 0.1


def test_a_schedule_replaces_the_decay():
    exploration = EpsilonGreedy(schedule=Linear(start=1.0, end=0.0, over=100))
    assert float(exploration.report(progress(step=25, episode=3))["epsilon"]) == 0.75
    assert (actions(exploration, step=100).numpy() == 1).all()


@pytest.mark.parametrize("given", [{"start": 0.5}, {"end": 0.2}, {"decay": 0.9}])
def test_a_schedule_beside_the_decay_is_refused(given):
    with pytest.raises(ParameterError, match="cannot be given beside schedule") as refused:
        EpsilonGreedy(schedule=Linear(start=1, end=0, over=1), **given)
    assert refused.value.parameter in given


def test_a_schedule_beside_defaults_written_out_is_taken():
    """As a run's resolved experiment file has them."""
    rule = Linear(start=1, end=0, over=1)
    assert EpsilonGreedy(start=1.0, end=0.1, decay=0.995, schedule=rule) == EpsilonGreedy(schedule=rule)


def test_a_floor_above_the_start_is_refused():
    with pytest.raises(ParameterError, match=r"end: found 0.5; allowed: at most start \(0.2\)"):
        EpsilonGreedy(start=0.2, end=0.5)


@pytest.mark.parametrize(("parameter", "value"), [("start", 1.1), ("end", -0.1), ("decay", 0.0), ("decay", 1.1)])
def test_parameters_have_ranges(parameter, value):
    with pytest.raises(ParameterError) as refused:
        EpsilonGreedy(**{parameter: value})
    assert refused.value.parameter == parameter
