"""Targets of a softmax policy, beside sums written out in plain Python."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tensorflow as tf

from rlkit import ParameterError, masked
from rlkit_dqn import Linear, MunchausenBootstrap, SoftBootstrap
from rlkit_dqn.contracts.bootstrap import Estimates
from tests.plugins.rlkit_dqn.words import call

HERE = [[1.0, 1.2, 0.4], [2.0, -3.0, 0.0]]
AFTER = [[0.5, 0.1, 0.3], [-1.0, 4.0, 0.2]]
ALL = [[True] * 3] * 2
SOME = [[True, False, True], [False, False, True]]
ACTION = [0, 1]


def estimates(here=HERE, after=AFTER, allowed=ALL, next_allowed=ALL):
    now, then = tf.constant(allowed), tf.constant(next_allowed)
    other = tf.fill((2, 3), 99.0)
    values = masked(tf.constant(here), now), masked(tf.constant(after), then)
    return Estimates(tf.constant(ACTION), other, values[0], now, other, values[1], then)


def log_policy(values, allowed, temperature):
    """log π of each allowed action."""
    total = math.log(sum(math.exp(value / temperature) for value, can in zip(values, allowed, strict=True) if can))
    return [value / temperature - total if can else None for value, can in zip(values, allowed, strict=True)]


def following(backup, after=AFTER):
    """What a head makes of the next values."""
    return (backup.policy.numpy() * (np.array(after) + backup.next_bonus.numpy())).sum(axis=1)


@pytest.mark.parametrize("next_allowed", [ALL, SOME], ids=["all allowed", "some"])
@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_soft_value_is_the_logarithm_of_the_sum_of_exponentials(temperature, next_allowed):
    backup = SoftBootstrap(temperature=temperature).backup(estimates(next_allowed=next_allowed), call())
    for row in range(2):
        allowed = [value for value, can in zip(AFTER[row], next_allowed[row], strict=True) if can]
        expected = temperature * math.log(sum(math.exp(value / temperature) for value in allowed))
        assert following(backup)[row] == pytest.approx(expected, abs=1e-5)
    assert backup.bonus == 0.0


@pytest.mark.parametrize("allowed", [ALL, SOME], ids=["all allowed", "some"])
def test_munchausen_adds_the_clipped_logarithm_of_the_action_taken(allowed):
    temperature, alpha, l0 = 0.5, 0.7, -1.5
    rule = MunchausenBootstrap(temperature=temperature, alpha=alpha, l0=l0)
    backup = rule.backup(estimates(allowed=[ALL[0], [True, True, False]], next_allowed=allowed), call())
    soft = SoftBootstrap(temperature=temperature).backup(estimates(next_allowed=allowed), call())
    np.testing.assert_array_equal(backup.policy, soft.policy)
    np.testing.assert_array_equal(backup.next_bonus, soft.next_bonus)
    first = temperature * log_policy(HERE[0], ALL[0], temperature)[0]
    assert l0 < first < 0
    assert temperature * log_policy(HERE[1], [True, True, False], temperature)[1] < l0
    assert backup.bonus.numpy().tolist() == pytest.approx([alpha * first, alpha * l0], abs=1e-6)


def test_the_policy_is_the_softmax_of_the_target_values():
    policy = SoftBootstrap(temperature=0.5).backup(estimates(next_allowed=SOME), call()).policy.numpy()
    for row in range(2):
        expected = [0 if log is None else math.exp(log) for log in log_policy(AFTER[row], SOME[row], 0.5)]
        assert policy[row].tolist() == pytest.approx(expected, abs=1e-6)
    assert (policy[~np.array(SOME)] == 0).all()


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_nothing_overflows_at_any_scale_and_temperature(scale):
    here, after = (np.float32(scale) * np.array(values, np.float32) for values in (HERE, AFTER))
    for temperature in (1e-6, 0.03, 1e6):
        given = estimates(here, after, SOME, SOME)
        backup = MunchausenBootstrap(temperature=temperature).backup(given, call())
        assert all(np.isfinite(part).all() for part in backup)
        assert (backup.bonus.numpy() >= -0.9 - 1e-6).all()


def test_temperature_and_alpha_follow_schedules():
    schedule = Linear(start=2.0, end=0.5, over=10, by="update")
    for update, temperature in ((0, 2.0), (10, 0.5)):
        moving = SoftBootstrap(temperature=schedule).backup(estimates(), call(update=update))
        still = SoftBootstrap(temperature=temperature).backup(estimates(), call())
        np.testing.assert_allclose(moving.policy, still.policy, rtol=1e-6)
    rule = MunchausenBootstrap(alpha=Linear(start=0.0, end=1.0, over=10, by="update"), temperature=0.5)
    bonus = [rule.backup(estimates(), call(update=update)).bonus.numpy() for update in (0, 5, 10)]
    np.testing.assert_array_equal(bonus[0], [0.0, 0.0])
    np.testing.assert_allclose(bonus[1], bonus[2] / 2, rtol=1e-6)


def test_a_schedule_that_falls_to_zero_ends_at_the_maximum():
    rule = SoftBootstrap(temperature=Linear(start=1.0, end=0.0, over=10, by="update"))
    backup = rule.backup(estimates(), call(update=10))
    assert backup.policy.numpy().tolist() == [[1, 0, 0], [0, 1, 0]]
    np.testing.assert_allclose(following(backup), np.max(AFTER, axis=1), atol=1e-5)


@pytest.mark.parametrize(
    ("rule", "parameter", "value"),
    [
        (MunchausenBootstrap, "alpha", 1.1),
        (MunchausenBootstrap, "temperature", 0.0),
        (MunchausenBootstrap, "l0", 0.1),
        (SoftBootstrap, "temperature", 0.0),
    ],
)
def test_parameters_have_ranges(rule, parameter, value):
    with pytest.raises(ParameterError) as refused:
        rule(**{parameter: value})
    assert refused.value.parameter == parameter
