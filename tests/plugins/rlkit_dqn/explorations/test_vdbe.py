from __future__ import annotations

import math

import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import chisquare

from rlkit import Array, Discrete, ParameterError, Spaces, Step
from rlkit_dqn import VDBE, Linear
from tests.plugins.rlkit_dqn.words import call, noise, progress, seen

ROWS, ACTIONS = 20_000, 4
SPACES = Spaces(Array((2,), "float32"), Discrete(ACTIONS))


def policy(**parameters):
    part = VDBE(**parameters).build(SPACES)
    part.begin(call(noise(0, 100)))
    return part


def learn(part, td_error, observation=None, **now):
    rows = len(td_error)
    here = np.zeros((rows, 2), np.float32) if observation is None else np.float32(observation)
    zeros, no = tf.zeros((rows,)), tf.zeros((rows,), tf.bool)
    mask = tf.ones((rows, ACTIONS), tf.bool)
    steps = Step(tf.constant(here), tf.zeros((rows,), tf.int32), zeros, no, no, tf.constant(here), {}, mask, mask)
    part.learned(tf.constant(td_error, tf.float32), steps, call(**now))


def surprise(td_error, sigma):
    grows = math.exp(-abs(td_error) / sigma)
    return (1 - grows) / (1 + grows)


def reported(part):
    return float(part.report(progress())["epsilon"])


def test_epsilon_begins_at_one_and_follows_the_mean_of_the_paper_s_function():
    part, epsilon = policy(sigma=0.5), 1.0
    assert reported(part) == 1.0
    for td_error in ([0.1, -0.4, 2.0], [0.0, 0.0], [-30.0], [0.01, 0.02]):
        learn(part, td_error)
        mean = sum(surprise(error, 0.5) for error in td_error) / len(td_error)
        epsilon = mean / ACTIONS + (1 - 1 / ACTIONS) * epsilon
        assert reported(part) == pytest.approx(epsilon, abs=1e-6)


def test_delta_is_the_weight_of_a_learning_step():
    part = policy(delta=0.9)
    learn(part, [0.3])
    assert reported(part) == pytest.approx(0.9 * surprise(0.3, 1.0) + 0.1, abs=1e-6)


def test_sigma_may_follow_a_schedule():
    part = policy(sigma=Linear(start=2.0, end=0.1, over=10, by="update"), delta=1.0)
    for update, sigma in ((0, 2.0), (10, 0.1)):
        learn(part, [0.3], update=update)
        assert reported(part) == pytest.approx(surprise(0.3, sigma), abs=1e-6)


def test_cells_of_observations_have_an_epsilon_each():
    part = policy(bits=3, delta=0.5)
    places = np.array([[1.0, 0.2], [1.0, 0.2], [-1.0, -0.2]])
    one, _, other = part.hash.cells(tf.constant(np.float32(places))).numpy()
    assert one != other
    learn(part, [0.2, 0.6, 5.0], places)
    epsilon = part.epsilon.numpy()
    assert epsilon[one] == pytest.approx(0.25 * (surprise(0.2, 1) + surprise(0.6, 1)) + 0.5, abs=1e-6)
    assert epsilon[other] == pytest.approx(0.5 * surprise(5.0, 1) + 0.5, abs=1e-6)
    assert (np.delete(epsilon, [one, other]) == 1).all()
    assert reported(part) == pytest.approx((epsilon[one] + epsilon[other]) / 2, abs=1e-6)
    values = tf.constant([[0.0, 1.0, 0.0, 0.0]] * 3)
    chances = part.probabilities(values, seen(np.float32(places), ACTIONS), call()).numpy()
    np.testing.assert_allclose(chances[:, 0], epsilon[[one, one, other]] / ACTIONS, atol=1e-6)


@pytest.mark.parametrize("bits", [None, 3])
def test_actions_are_chosen_with_that_epsilon_among_the_allowed_ones(bits):
    part = policy(bits=bits, delta=0.7)
    here = np.tile(np.float32([1.0, 0.2]), (ROWS, 1))
    learn(part, [0.1, 0.2], here[:2])
    epsilon = reported(part)
    allowed = np.tile([True, False, True, True], (ROWS, 1))
    values = tf.constant([[0.0, 9.0, 2.0, 1.0]] * ROWS)
    there = seen(here, ACTIONS, allowed)
    chosen = part.select(tf.where(allowed, values, -1e30), there, call(noise(3, ROWS, ROWS)))
    share = np.array([epsilon / 3, 0, 1 - 2 * epsilon / 3, epsilon / 3])
    counts = np.bincount(chosen, minlength=ACTIONS)
    assert counts[1] == 0
    assert chisquare(counts[[0, 2, 3]], share[[0, 2, 3]] * ROWS).pvalue > 0.001
    chances = part.probabilities(values, there, call()).numpy()
    np.testing.assert_allclose(chances[0], share, atol=1e-6)


@pytest.mark.parametrize(("parameter", "value"), [("sigma", 0.0), ("delta", 0.0), ("delta", 1.1), ("bits", 17)])
def test_parameters_have_ranges(parameter, value):
    with pytest.raises(ParameterError) as refused:
        VDBE(**{parameter: value})
    assert refused.value.parameter == parameter
