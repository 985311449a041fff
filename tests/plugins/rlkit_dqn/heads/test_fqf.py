from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit_dqn import FQFHead
from rlkit_dqn.heads.fqf import wasserstein_slope
from tests.plugins.rlkit_dqn.heads.samples import ACTION, ACTIONS, normal, rows
from tests.plugins.rlkit_dqn.heads.test_quantile import cost
from tests.plugins.rlkit_dqn.words import call

FEATURES, COUNT = 6, 4


def built(**parameters):
    head = FQFHead(**{"fractions": COUNT, "fraction_learning_rate": 0.5, "cosines": 7, **parameters})
    layer = head.build(tf.TensorSpec((FEATURES,), tf.float32), ACTIONS)
    layer.set_weights([0.5 * normal(seed, *weight.shape) for seed, weight in enumerate(layer.get_weights())])
    return head, layer


def proposed(layer, features):
    """Of one row: the intervals' ends, 0 and 1 included, in float64."""
    logits = 0.5 * (features @ layer.proposal.kernel.numpy() + layer.proposal.bias.numpy())
    weights = np.exp(logits)
    return np.concatenate([[0], np.cumsum(weights / weights.sum())])


def test_intervals_are_a_softmax_of_the_features_and_quantiles_stand_in_their_middles():
    head, layer = built()
    features = normal(20, 4, FEATURES)
    out = layer(tf.constant(features))
    for row in range(4):
        ends = proposed(layer, features[row])
        middles = (ends[1:] + ends[:-1]) / 2
        np.testing.assert_allclose(out.ends[row], ends[1:-1], rtol=1e-4)
        np.testing.assert_allclose(out.quantiles.fractions[row], middles, rtol=1e-4)
        one, at = tf.constant(features[row : row + 1]), tf.constant(middles[None], tf.float32)
        values = layer.quantiles(one, at)[0].numpy()
        np.testing.assert_allclose(out.quantiles.values[row], values, rtol=1e-3, atol=1e-5)
        np.testing.assert_allclose(head.values(out)[row], values @ np.diff(ends), rtol=1e-3, atol=1e-5)
        inner = layer.quantiles(one, tf.constant(ends[None, 1:-1], tf.float32))[0]
        np.testing.assert_allclose(out.at_ends[row], inner, rtol=1e-3, atol=1e-5)


def test_slope_is_that_of_the_wasserstein_error():
    """Of F⁻¹(τ) = τ², between whose steps and itself the error is integrated numerically."""

    def error(ends):
        grid = (np.arange(400_000) + 0.5) / 400_000
        bounds = np.concatenate([[0.0], ends, [1.0]])
        step = np.searchsorted(ends, grid)
        middles = (bounds[1:] + bounds[:-1]) / 2
        return np.abs(grid**2 - middles[step] ** 2).mean()

    ends = np.array([0.2, 0.5, 0.9])
    bounds = np.concatenate([[0.0], ends, [1.0]])
    middles = (bounds[1:] + bounds[:-1]) / 2
    slope = wasserstein_slope(tf.constant(middles[None] ** 2), tf.constant(ends[None] ** 2))[0]
    for place in range(3):
        moved = [ends + step * np.eye(3)[place] for step in (1e-3, -1e-3)]
        np.testing.assert_allclose(slope[place], (error(moved[0]) - error(moved[1])) / 2e-3, atol=1e-3)


def test_loss_is_that_of_quantiles_and_the_proposal_learns_by_its_own_gradient_alone():
    head, layer = built()
    features, next_features = tf.constant(normal(20, 4, FEATURES)), tf.constant(normal(21, 4, FEATURES))
    then = layer(next_features)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(features)
        out = layer(features)
        losses, td_error = head.losses(rows(out, then, bonuses=True), call())
        slope = 2 * out.at_ends - out.quantiles.values[:, :, 1:] - out.quantiles.values[:, :, :-1]
        chosen = tf.gather(slope, ACTION, batch_dims=1)
        apart = tf.reduce_sum(tf.stop_gradient(chosen) * out.ends)
        fixed = tf.reduce_sum(out.ends)
    policy, bonus, next_bonus = (array.numpy() for array in rows(out, then, bonuses=True).backup)
    given = rows(out, then, bonuses=True)
    for row in range(4):
        following = policy[row] @ (then.quantiles.values[row].numpy() + next_bonus[row][:, None])
        goals = given.reward[row] + bonus[row] + given.discount[row] * following
        prediction = out.quantiles.values[row, ACTION[row]].numpy()
        wanted = cost(prediction, out.quantiles.fractions[row].numpy(), goals.numpy(), 1.0)
        np.testing.assert_allclose(losses[row], wanted, rtol=1e-4)
        means = then.quantiles.shares[row].numpy() @ goals.numpy() - out.quantiles.shares[row].numpy() @ prediction
        np.testing.assert_allclose(td_error[row], means, rtol=1e-3, atol=1e-5)
    of_losses, of_proposal = (tape.gradient(of, layer.proposal.kernel) for of in (losses, apart))
    assert np.abs(of_proposal).max() > 0
    np.testing.assert_allclose(of_losses, of_proposal, rtol=1e-4, atol=1e-6)
    assert tape.gradient(fixed, features) is None
    assert tape.gradient(losses, features) is not None


@pytest.mark.parametrize("optimizer", [keras.optimizers.Adam, keras.optimizers.SGD], ids=["adam", "sgd"])
def test_the_proposal_moves_as_if_its_learning_rate_were_smaller(optimizer):
    """What counts, rate · W, beside an agent whose proposal is W at a learning rate of that share."""
    rate, features, goal = 0.01, tf.constant(normal(20, 4, FEATURES)), tf.constant(normal(22, 4, COUNT - 1))
    (_, slow), (_, plain) = built(fraction_learning_rate=rate), built(fraction_learning_rate=1.0)
    weights = slow.proposal.get_weights()
    plain.proposal.set_weights([rate * weight for weight in weights])
    for layer, learning_rate in ((slow, 0.1), (plain, 0.1 * rate)):
        moves = optimizer(learning_rate)
        for _ in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(goal * layer(features).ends)
            variables = layer.proposal.trainable_variables
            moves.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
    for one, other in zip(slow.proposal.get_weights(), plain.proposal.get_weights(), strict=True):
        np.testing.assert_allclose(rate * one, other, rtol=1e-4, atol=1e-6)


def test_fractions_begin_nearly_evenly_apart():
    layer = FQFHead(fractions=COUNT).build(tf.TensorSpec((FEATURES,), tf.float32), ACTIONS)
    np.testing.assert_allclose(layer(tf.constant(normal(20, 50, FEATURES))).ends, 50 * [[0.25, 0.5, 0.75]], atol=0.02)
