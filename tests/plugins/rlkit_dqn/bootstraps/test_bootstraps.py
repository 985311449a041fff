from __future__ import annotations

import tensorflow as tf

from rlkit_dqn import DoubleBootstrap, MaxBootstrap
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
