from __future__ import annotations

import pytest
import tensorflow as tf

from rlkit import ParameterError
from rlkit_dqn import AveragedBootstrap, ClippedDouble, DoubleBootstrap, ExpectedSarsa, MaxBootstrap, Sarsa
from rlkit_dqn.contracts.bootstrap import Estimates
from tests.plugins.rlkit_dqn.words import call

ONLINE = tf.constant([[1.0, 3.0, 2.0], [5.0, -1.0, 0.0]])
TARGET = tf.constant([[4.0, 1.0, 2.0], [0.0, -2.0, -1.0]])
ALL = tf.ones((2, 3), tf.bool)
HERE = tf.zeros((2, 3))
ESTIMATES = Estimates(tf.constant([0, 1]), HERE, HERE, ALL, ONLINE, TARGET, ALL)


def test_max_takes_the_target_network_s_choice():
    policy, bonus, next_bonus = MaxBootstrap().backup(ESTIMATES, call())
    assert policy.dtype == tf.float32
    assert policy.numpy().tolist() == [[1, 0, 0], [1, 0, 0]]
    assert bonus == next_bonus == 0.0


def test_double_takes_the_online_network_s_choice():
    policy, bonus, next_bonus = DoubleBootstrap().backup(ESTIMATES, call())
    assert policy.dtype == tf.float32
    assert policy.numpy().tolist() == [[0, 1, 0], [1, 0, 0]]
    assert bonus == next_bonus == 0.0


def test_expected_sarsa_takes_the_exploring_policy():
    exploring = tf.constant([[0.2, 0.5, 0.3], [0.1, 0.9, 0.0]])
    backup = ExpectedSarsa().backup(ESTIMATES._replace(next_exploring=exploring), call())
    assert backup.policy.numpy().tolist() == exploring.numpy().tolist()
    assert backup.bonus == backup.next_bonus == 0.0


def test_sarsa_takes_the_next_action():
    backup = Sarsa().backup(ESTIMATES._replace(next_action=tf.constant([2, 1])), call())
    assert backup.policy.numpy().tolist() == [[0, 0, 1], [0, 1, 0]]


def test_where_no_action_followed_sarsa_takes_the_mean_or_else_the_greatest():
    estimates = ESTIMATES._replace(next_action=tf.constant([-1, 1]))
    assert Sarsa().backup(estimates, call()).policy.numpy().tolist() == [[0, 1, 0], [0, 1, 0]]
    exploring = tf.constant([[0.25, 0.5, 0.25], [1.0, 0.0, 0.0]])
    backup = Sarsa().backup(estimates._replace(next_exploring=exploring), call())
    assert backup.policy.numpy().tolist() == [[0.25, 0.5, 0.25], [0, 1, 0]]


SEVERAL = ESTIMATES._replace(next_targets=(TARGET, TARGET[::-1], tf.constant([[2.0, 9.0, 4.0], [0.0, 0.0, 1.0]])))


def following(backup):
    """What a head makes of the first target network's values."""
    return (backup.policy * (TARGET + backup.next_bonus)).numpy().sum(axis=1).tolist()


def test_averaged_takes_the_greatest_mean_of_the_target_networks():
    backup = AveragedBootstrap(target_networks=3).backup(SEVERAL, call())
    # The means are 2, 8/3, 5/3 and 4/3, -1/3, 2/3.
    assert backup.policy.numpy().tolist() == [[0, 1, 0], [1, 0, 0]]
    assert following(backup) == pytest.approx([8 / 3, 4 / 3], abs=1e-6)


def test_clipped_double_takes_the_least_value_of_the_online_network_s_choice():
    backup = ClippedDouble(networks=3).backup(SEVERAL, call())
    assert backup.policy.numpy().tolist() == [[0, 1, 0], [1, 0, 0]]
    assert following(backup) == pytest.approx([min(1.0, -2.0, 9.0), min(0.0, 4.0, 0.0)], abs=1e-6)


def test_several_networks_are_asked_for_at_the_least():
    with pytest.raises(ParameterError):
        ClippedDouble(networks=1)
    with pytest.raises(ParameterError):
        AveragedBootstrap(target_networks=0)
