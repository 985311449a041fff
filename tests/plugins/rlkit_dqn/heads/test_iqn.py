from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit_dqn import IQNHead
from rlkit_dqn.heads.quantile_function import cosines
from rlkit_dqn.heads.quantile_regression import evenly
from tests.plugins.rlkit_dqn.heads.samples import ACTION, ACTIONS, normal, rows
from tests.plugins.rlkit_dqn.heads.test_quantile import cost, target
from tests.plugins.rlkit_dqn.words import call, noise

FEATURES, ROWS = 6, 4


def built(**parameters):
    head = IQNHead(**{"fractions": 5, "acting_fractions": 3, "cosines": 7, **parameters})
    layer = head.build(tf.TensorSpec((FEATURES,), tf.float32), ACTIONS)
    layer.set_weights([0.5 * normal(seed, *weight.shape) for seed, weight in enumerate(layer.get_weights())])
    return head, layer


def quantile_function(layer, features, fraction):
    """One row's, at one fraction: (n,)."""
    weights = {weight.path.split("/")[-2:][0] + "/" + weight.name: weight.numpy() for weight in layer.weights}
    cosines = np.array([np.cos(np.pi * i * fraction) for i in range(7)])
    x = features * np.maximum(cosines @ weights["embedding/kernel"] + weights["embedding/bias"], 0)
    if "hidden_1/kernel" in weights:
        x = np.maximum(x @ weights["hidden_1/kernel"] + weights["hidden_1/bias"], 0)
    return x @ weights["output/kernel"] + weights["output/bias"]


@pytest.mark.parametrize("hidden", [(), (8,)])
@pytest.mark.parametrize("shared", [True, False])
def test_quantiles_are_the_paper_s_network_at_the_fractions_drawn(shared, hidden):
    head, layer = built(shared=shared, hidden=hidden)
    features, drawn_rows = normal(20, ROWS, FEATURES), 1 if shared else ROWS
    out = layer(tf.constant(features), noise=noise(3, uniforms=drawn_rows * (5 + 3)))
    drawn = noise(3, uniforms=drawn_rows * (5 + 3))
    learned, acting = (np.broadcast_to(drawn.uniform((drawn_rows, count)), (ROWS, count)) for count in (5, 3))
    np.testing.assert_array_equal(np.broadcast_to(out.quantiles.fractions, (ROWS, 5)), learned)
    for row in range(ROWS):
        values = [quantile_function(layer, features[row], fraction) for fraction in acting[row]]
        np.testing.assert_allclose(head.values(out)[row], np.mean(values, axis=0), rtol=1e-4, atol=1e-5)
        for place, fraction in enumerate(learned[row]):
            wanted = quantile_function(layer, features[row], fraction)
            np.testing.assert_allclose(out.quantiles.values[row, :, place], wanted, rtol=1e-4, atol=1e-5)


def test_cosines_are_those_of_numpy():
    fractions = np.append(np.random.default_rng(0).random(1000), [0.0, 0.25, 0.5, 1.0]).astype(np.float32)
    expected = np.cos(np.pi * np.outer(fractions.astype(np.float64), np.arange(64)))
    np.testing.assert_allclose(cosines(tf.constant(fractions[:, None]), 64), expected, atol=1e-5)


def test_without_noise_actions_are_valued_at_midpoints():
    head, layer = built()
    features = normal(20, ROWS, FEATURES)
    values = head.values(layer(tf.constant(features)))
    for row in range(ROWS):
        wanted = np.mean([quantile_function(layer, features[row], at) for at in (1 / 6, 1 / 2, 5 / 6)], axis=0)
        np.testing.assert_allclose(values[row], wanted, rtol=1e-4, atol=1e-5)


def test_gradients_of_both_forms_of_the_product_agree():
    """A draw for all rows, as a product of matrices, and the same fractions row by row."""
    _, layer = built()
    features, fractions = tf.constant(normal(20, ROWS, FEATURES)), tf.constant([[0.1, 0.6, 0.3]])
    gradients = []
    for at in (fractions, tf.tile(fractions, (ROWS, 1))):
        with tf.GradientTape() as tape:
            tape.watch(features)
            total = tf.reduce_sum(layer.quantiles(features, at) ** 2)
        gradients.append(tape.gradient(total, [features, *layer.trainable_variables]))
    for one, other in zip(*gradients, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_loss_is_that_of_all_pairs_at_the_fractions_drawn():
    out, following = 2 * normal(1, 4, ACTIONS, 5), 2 * normal(2, 4, ACTIONS, 5)
    fractions = np.random.default_rng(0).random((4, 5)).astype(np.float32)
    head, layer = built()
    given = layer(tf.zeros((4, FEATURES)))
    now, then = (
        given._replace(quantiles=evenly(tf.constant(values), tf.constant(fractions))) for values in (out, following)
    )
    losses, td_error = head.losses(rows(now, then, bonuses=True), call())
    for row in range(4):
        goals, prediction = target(row, bonuses=True), out[row, ACTION[row]]
        np.testing.assert_allclose(losses[row], cost(prediction, fractions[row], goals, 1.0), rtol=1e-4)
        np.testing.assert_allclose(td_error[row], goals.mean() - prediction.mean(), rtol=1e-4, atol=1e-6)
