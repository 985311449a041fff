from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit_dqn import SquaredError, ValueHead

OUTPUTS = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
ROWS = {
    "action": tf.constant([0, 1, 1]),
    "reward": tf.constant([1.0, 1.0, -1.0]),
    "discount": tf.constant([0.5, 0.0, 0.25]),
    "next_outputs": tf.constant([[10.0, 20.0], [30.0, 40.0], [8.0, 4.0]]),
    "next_policy": tf.constant([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]]),
    "loss": SquaredError(),
}


def test_one_output_an_action():
    assert ValueHead().units(3) == 3
    assert ValueHead().values(OUTPUTS) is OUTPUTS


def test_td_error_is_target_less_prediction():
    losses, td_error = ValueHead().losses(OUTPUTS, **ROWS)
    np.testing.assert_array_equal(td_error, [1 + 0.5 * 20 - 1, 1 - 4, -1 + 0.25 * 6 - 6])
    np.testing.assert_array_equal(losses, td_error.numpy() ** 2)


def test_gradient_flows_through_the_prediction_alone():
    with tf.GradientTape() as tape:
        tape.watch((OUTPUTS, ROWS["next_outputs"]))
        losses, _ = ValueHead().losses(OUTPUTS, **ROWS)
        total = tf.reduce_sum(losses)
    of_prediction, of_target = tape.gradient(total, (OUTPUTS, ROWS["next_outputs"]))
    np.testing.assert_array_equal(of_prediction, [[-20, 0], [0, 6], [0, 11]])
    assert of_target is None
