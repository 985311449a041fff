from __future__ import annotations

import tensorflow as tf

from rlkit_dqn import DoubleBootstrap, MaxBootstrap

ONLINE = tf.constant([[1.0, 3.0, 2.0], [5.0, -1.0, 0.0]])
TARGET = tf.constant([[4.0, 1.0, 2.0], [0.0, -2.0, -1.0]])


def test_max_takes_the_target_network_s_choice():
    policy = MaxBootstrap().next_policy(ONLINE, TARGET)
    assert policy.dtype == tf.float32
    assert policy.numpy().tolist() == [[1, 0, 0], [1, 0, 0]]


def test_double_takes_the_online_network_s_choice():
    policy = DoubleBootstrap().next_policy(ONLINE, TARGET)
    assert policy.dtype == tf.float32
    assert policy.numpy().tolist() == [[0, 1, 0], [1, 0, 0]]
