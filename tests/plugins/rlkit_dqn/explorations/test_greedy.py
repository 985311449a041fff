from __future__ import annotations

import tensorflow as tf

from rlkit_dqn import Greedy
from tests.plugins.rlkit_dqn.words import call, seen


def test_greatest_value_is_taken_and_the_first_of_equals():
    values = tf.constant([[0.0, 2.0, 1.0], [3.0, 3.0, 1.0], [-2.0, -3.0, -1.0]])
    chosen = Greedy().select(values, seen(tf.zeros((3, 1)), 3), call())
    assert chosen.dtype == tf.int32
    assert chosen.numpy().tolist() == [1, 0, 2]
