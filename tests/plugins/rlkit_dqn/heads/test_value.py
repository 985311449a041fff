from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit_dqn import SquaredError, ValueHead
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.contracts.head import Rows
from tests.plugins.rlkit_dqn.words import call

OUT = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
NEXT = tf.constant([[10.0, 20.0], [30.0, 40.0], [8.0, 4.0]])
ROWS = Rows(
    out=OUT,
    action=tf.constant([0, 1, 1]),
    reward=tf.constant([1.0, 1.0, -1.0]),
    discount=tf.constant([0.5, 0.0, 0.25]),
    next_out=NEXT,
    backup=Backup(tf.constant([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]])),
    loss=SquaredError(),
)


def test_the_outputs_are_the_values():
    assert ValueHead().values(OUT) is OUT


def test_td_error_is_target_less_prediction():
    losses, td_error = ValueHead().losses(ROWS, call())
    np.testing.assert_array_equal(td_error, [1 + 0.5 * 20 - 1, 1 - 4, -1 + 0.25 * 6 - 6])
    np.testing.assert_array_equal(losses, td_error.numpy() ** 2)


def test_bonuses_add_to_the_reward_and_to_the_next_values():
    next_bonus = tf.constant([[4.0, 2.0], [0.0, 0.0], [1.0, 3.0]])
    backup = ROWS.backup._replace(bonus=tf.constant([0.5, -0.5, 0.0]), next_bonus=next_bonus)
    _, td_error = ValueHead().losses(ROWS._replace(backup=backup), call())
    np.testing.assert_array_equal(td_error, [1.5 + 0.5 * 22 - 1, 0.5 - 4, -1 + 0.25 * 8 - 6])


def test_gradient_flows_through_the_prediction_alone():
    with tf.GradientTape() as tape:
        tape.watch((OUT, NEXT))
        losses, _ = ValueHead().losses(ROWS, call())
        total = tf.reduce_sum(losses)
    of_prediction, of_target = tape.gradient(total, (OUT, NEXT))
    np.testing.assert_array_equal(of_prediction, [[-20, 0], [0, 6], [0, 11]])
    assert of_target is None


@pytest.mark.parametrize("hidden", [(), (8,), (8, 4)])
def test_value_is_added_to_advantages_above_their_mean(hidden):
    last = ValueHead(dueling=True, hidden=hidden).build(tf.TensorSpec((6,), tf.float32), 3)
    rng = np.random.default_rng(0)
    last.set_weights([rng.normal(0, 0.3, weight.shape) for weight in last.get_weights()])
    x = rng.normal(size=(10, 6)).astype(np.float32)
    weights = {layer.name: layer.get_weights() for layer in last.layers}

    def stream(name):
        rows = x
        for number in range(1, len(hidden) + 1):
            kernel, bias = weights[f"hidden_{number}_{name}"]
            rows = np.maximum(rows @ kernel + bias, 0)
        kernel, bias = weights[name]
        return rows @ kernel + bias

    advantage = stream("advantage")
    expected = stream("value") + advantage - advantage.mean(1, keepdims=True)
    np.testing.assert_allclose(last(x), expected, rtol=1e-4, atol=1e-5)
