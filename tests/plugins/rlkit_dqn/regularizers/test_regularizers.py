"""Costs and gradients against plain Python."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tensorflow as tf

from rlkit import ParameterError, masked
from rlkit_dqn import BehaviorCloning, ConservativeQ
from rlkit_dqn.contracts.regularizer import Valued
from rlkit_dqn.schedules.linear import Linear
from tests.plugins.rlkit_dqn.words import call

VALUES = np.array([[0.0, 1.0, 2.0], [5.0, 5.0, -300.0], [80.0, -1.0, 100.0]], np.float32)
ACTION = np.array([0, 1, 0], np.int32)
ALL = np.ones((3, 3), bool)


def cost_and_slope(part, allowed=ALL, **counts):
    values = tf.constant(VALUES)
    with tf.GradientTape() as tape:
        tape.watch(values)
        cost = part.cost(
            Valued(masked(values, tf.constant(allowed)), tf.constant(ACTION), tf.constant(allowed)), call(**counts)
        )
    return cost.numpy(), tape.gradient(cost, values).numpy()


def by_hand(weight, temperature, allowed=ALL):
    """weight · −log π(a), and its derivative, weight / temperature · (π(b) − 1{b = a}), action by action."""
    costs, slopes = [], []
    for row, action, can in zip(VALUES.tolist(), ACTION.tolist(), allowed.tolist(), strict=True):
        scaled = [value / temperature for value in row]
        most = max(value for value, may in zip(scaled, can, strict=True) if may)
        share = [math.exp(value - most) if may else 0.0 for value, may in zip(scaled, can, strict=True)]
        policy = [one / sum(share) for one in share]
        costs.append(weight * (most + math.log(sum(share)) - scaled[action]))
        slopes.append([weight / temperature * (p - (b == action)) for b, p in enumerate(policy)])
    return np.array(costs), np.array(slopes)


@pytest.mark.parametrize(
    ("part", "weight", "temperature"),
    [
        (ConservativeQ(alpha=1.0), 1.0, 1.0),
        (ConservativeQ(alpha=4.0), 4.0, 1.0),
        (BehaviorCloning(), 1.0, 1.0),
        (BehaviorCloning(weight=2.0, temperature=0.5), 2.0, 0.5),
        (BehaviorCloning(weight=0.1, temperature=10.0), 0.1, 10.0),
    ],
    ids=str,
)
def test_it_costs_what_the_equation_says(part, weight, temperature):
    for found, expected in zip(cost_and_slope(part), by_hand(weight, temperature), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("part", [ConservativeQ(), BehaviorCloning(weight=1.0)], ids=["cql", "behavior_cloning"])
def test_forbidden_actions_count_for_nothing(part):
    allowed = np.array([[True, True, False], [True, True, False], [True, False, False]])
    for found, expected in zip(cost_and_slope(part, allowed), by_hand(1.0, 1.0, allowed), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_an_action_that_is_sure_costs_nothing():
    cost, slope = cost_and_slope(
        ConservativeQ(), np.array([[True, False, False]] * 3) | (np.arange(3) == ACTION[:, None])
    )
    assert cost[0] == 0 and (slope[0] == 0).all()


def test_weights_follow_schedules():
    part = ConservativeQ(alpha=Linear(start=2.0, end=0.0, over=10, by="update"))
    np.testing.assert_allclose(
        cost_and_slope(part, update=5)[0], cost_and_slope(ConservativeQ(alpha=1.0))[0], rtol=1e-6
    )


@pytest.mark.parametrize(
    ("part", "wrong"),
    [(ConservativeQ, {"alpha": -0.1}), (BehaviorCloning, {"weight": -1.0}), (BehaviorCloning, {"temperature": 0.0})],
)
def test_values_out_of_range_are_refused(part, wrong):
    with pytest.raises(ParameterError):
        part(**wrong)
