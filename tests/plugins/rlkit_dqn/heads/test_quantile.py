from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit_dqn import QuantileHead
from rlkit_dqn.heads.quantile_regression import midpoints, quantile_huber
from tests.plugins.rlkit_dqn.heads.samples import (
    ACTION,
    ACTIONS,
    BONUS,
    DISCOUNT,
    NEXT_BONUS,
    POLICY,
    REWARD,
    normal,
    rows,
)
from tests.plugins.rlkit_dqn.words import call

COUNT = 5
OUT, NEXT = 2 * normal(1, 4, ACTIONS, COUNT), 2 * normal(2, 4, ACTIONS, COUNT)


def huber(error, kappa):
    return 0.5 * error**2 if abs(error) <= kappa else kappa * (abs(error) - 0.5 * kappa)


def cost(prediction, fractions, target, kappa):
    """One row's, a pair at a time."""
    total = 0.0
    for value, fraction in zip(prediction, fractions, strict=True):
        for goal in target:
            error = goal - value
            total += abs(fraction - (error < 0)) * huber(error, kappa) / kappa / len(target)
    return total


def target(row, *, bonuses):
    goals = np.zeros(COUNT)
    for place in range(COUNT):
        following = sum(
            POLICY[row, action] * (NEXT[row, action, place] + bonuses * NEXT_BONUS[row, action])
            for action in range(ACTIONS)
        )
        goals[place] = REWARD[row] + bonuses * BONUS[row] + DISCOUNT[row] * following
    return goals


@pytest.mark.parametrize("bonuses", [False, True])
@pytest.mark.parametrize("kappa", [1.0, 0.3])
def test_loss_is_that_of_all_pairs(kappa, bonuses):
    given = rows(tf.constant(OUT), tf.constant(NEXT), bonuses=bonuses)
    losses, td_error = QuantileHead(quantiles=COUNT, kappa=kappa).losses(given, call())
    for row in range(4):
        goals, prediction = target(row, bonuses=bonuses), OUT[row, ACTION[row]]
        np.testing.assert_allclose(losses[row], cost(prediction, [0.1, 0.3, 0.5, 0.7, 0.9], goals, kappa), rtol=1e-4)
        np.testing.assert_allclose(td_error[row], goals.mean() - prediction.mean(), rtol=1e-4, atol=1e-6)


def test_gradient_is_the_slope_of_the_loss():
    """Differences of the loss worked out a pair at a time, in float64."""
    prediction, fractions, goals = normal(3, 2, 4), np.array([[0.1, 0.4, 0.8, 0.9]], np.float32), normal(4, 2, 6)
    given = tf.constant(prediction)
    with tf.GradientTape() as tape:
        tape.watch(given)
        losses = quantile_huber(given, tf.constant(fractions), tf.constant(goals), 0.5)
        total = tf.reduce_sum(losses * tf.constant([1.0, 3.0]))
    gradient = tape.gradient(total, given)
    for row, weight in ((0, 1.0), (1, 3.0)):
        for place in range(4):
            ends = []
            for step in (1e-5, -1e-5):
                moved = prediction[row].astype(np.float64)
                moved[place] += step
                ends.append(cost(moved, fractions[0], goals[row].astype(np.float64), 0.5))
            np.testing.assert_allclose(gradient[row, place], weight * (ends[0] - ends[1]) / 2e-5, atol=2e-4)


def test_no_gradient_flows_into_the_target():
    following = tf.constant(NEXT)
    with tf.GradientTape() as tape:
        tape.watch(following)
        losses, _ = QuantileHead(quantiles=COUNT).losses(rows(tf.constant(OUT), following, bonuses=True), call())
    assert tape.gradient(losses, following) is None


def test_regression_finds_the_quantiles_of_a_sample():
    """Of 0, 1, … 99 at the fractions 0.1, 0.5 and 0.9, where Huber's part near 0 is small."""
    fractions, sample = tf.constant([[0.1, 0.5, 0.9]]), tf.reshape(tf.range(100.0), (1, 100))
    prediction = tf.Variable([[50.0, 50.0, 50.0]])
    for _ in range(40):
        with tf.GradientTape() as tape:
            loss = quantile_huber(prediction, fractions, sample, 0.1)
        prediction.assign_sub(50.0 * tape.gradient(loss, prediction))
    np.testing.assert_allclose(prediction.numpy(), [[9.5, 49.5, 89.5]], atol=1.0)


def test_values_are_means():
    np.testing.assert_allclose(QuantileHead(quantiles=COUNT).values(tf.constant(OUT)), OUT.mean(axis=-1), rtol=1e-5)


def test_fractions_are_the_middles_of_equal_parts():
    np.testing.assert_allclose(midpoints(4), [[0.125, 0.375, 0.625, 0.875]])
