from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import ParameterError
from rlkit_dqn import C51Head, EnsembleHead, IQNHead, QuantileHead, SquaredError, ValueHead
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.contracts.head import Rows, own_loss
from tests.plugins.rlkit_dqn.words import call, noise

B, K, N, FEATURES = 4, 3, 2, 5
RNG = np.random.default_rng(0)
OUT, NEXT = RNG.normal(size=(2, B, K, N)).astype(np.float32)
ACTION, REWARD = np.array([0, 1, 1, 0], np.int32), RNG.normal(size=B).astype(np.float32)
DISCOUNT = np.array([0.9, 0.0, 0.5, 0.9], np.float32)
HEAD = EnsembleHead(members=K)


def rows(policy, **kept):
    backup = Backup(tf.constant(policy, tf.float32))
    return Rows(
        tf.constant(OUT),
        tf.constant(ACTION),
        tf.constant(REWARD),
        tf.constant(DISCOUNT),
        tf.constant(NEXT),
        backup,
        SquaredError(),
        kept,
    )


def errors():
    """Of each member, by a target of its own greatest value."""
    found = np.zeros((B, K))
    for row in range(B):
        for member in range(K):
            target = REWARD[row] + DISCOUNT[row] * NEXT[row, member].max()
            found[row, member] = target - OUT[row, member, ACTION[row]]
    return found


def of_each_member():
    """One-hot at each member's greatest next value, (B · K, n)."""
    return np.eye(N)[NEXT.argmax(axis=2)].reshape(B * K, N)


def built(head=HEAD):
    layer = head.build(tf.TensorSpec((FEATURES,), tf.float32), N)
    layer.set_weights([RNG.normal(size=weight.shape) for weight in layer.get_weights()])
    return layer


def test_the_value_is_the_mean_over_the_members():
    np.testing.assert_array_equal(HEAD.member_values(tf.constant(OUT)), OUT)
    np.testing.assert_allclose(HEAD.values(tf.constant(OUT)), OUT.mean(axis=1), rtol=1e-6)


def test_each_member_learns_from_its_own_target():
    losses, td_error = HEAD.losses(rows(of_each_member()), call())
    np.testing.assert_allclose(losses, (errors() ** 2).sum(axis=1), rtol=1e-5)
    np.testing.assert_allclose(td_error, np.abs(errors()).mean(axis=1), rtol=1e-5)


def test_a_backup_of_the_rows_is_for_all_members_alike():
    policy = np.eye(N)[[0, 1, 0, 1]]
    alike, each = HEAD.losses(rows(policy), call()), HEAD.losses(rows(np.repeat(policy, K, axis=0)), call())
    np.testing.assert_array_equal(alike.losses, each.losses)


def test_members_that_a_mask_leaves_out_learn_nothing():
    mask = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0]], np.float32)
    out = tf.constant(OUT)
    with tf.GradientTape() as tape:
        tape.watch(out)
        losses, td_error = HEAD.losses(rows(of_each_member(), members=tf.constant(mask))._replace(out=out), call())
    np.testing.assert_allclose(losses, (mask * errors() ** 2).sum(axis=1), rtol=1e-5)
    wanted = (mask * np.abs(errors())).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
    np.testing.assert_allclose(td_error, wanted, rtol=1e-5)
    np.testing.assert_array_equal(np.abs(tape.gradient(losses, out)).sum(axis=2) > 0, mask > 0)


def test_masks_are_drawn_for_each_environment_and_member():
    assert HEAD.kept(2, call()) == {}
    mask = EnsembleHead(members=K, p=0.25).kept(2000, call(noise(0, 2000 * K)))["members"].numpy()
    assert mask.shape == (2000, K)
    assert set(np.unique(mask)) == {0.0, 1.0}
    np.testing.assert_allclose(mask.mean(axis=0), 0.25, atol=0.05)


def test_members_are_heads_of_their_own_on_the_same_features():
    layer, x = built(), RNG.normal(size=(B, FEATURES)).astype(np.float32)
    kernels = layer.get_weights()
    assert len(kernels) == 2 * K
    for member in range(K):
        wanted = x @ kernels[2 * member] + kernels[2 * member + 1]
        np.testing.assert_allclose(layer(x)[:, member], wanted, rtol=1e-4, atol=1e-5)


def test_the_gradient_into_the_network_is_divided_by_the_members():
    layer, x = built(), tf.constant(RNG.normal(size=(B, FEATURES)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x))
    kernels = layer.get_weights()[0::2]
    wanted = sum(kernel.sum(axis=1) for kernel in kernels) / K
    np.testing.assert_allclose(tape.gradient(total, x), np.tile(wanted, (B, 1)), rtol=1e-4, atol=1e-5)


def test_a_prior_is_added_and_never_learned():
    head = EnsembleHead(members=K, prior_scale=3.0)
    layer, x = built(head), tf.constant(RNG.normal(size=(B, FEATURES)), tf.float32)
    assert len(layer.trainable_variables) == 2 * K
    assert len(layer.weights) == 4 * K
    weights = {"heads": [], "priors": []}
    for part, layers in weights.items():
        for member in getattr(layer, part):
            kernel, bias = member.get_weights()
            layers.append(x @ kernel + bias)
    wanted = np.stack(weights["heads"], 1) + 3.0 * np.stack(weights["priors"], 1)
    np.testing.assert_allclose(layer(x), wanted, rtol=1e-4, atol=1e-4)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x))
    kernels = [member.get_weights()[0].sum(axis=1) for member in layer.heads]
    np.testing.assert_allclose(tape.gradient(total, x)[0], sum(kernels) / K, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("head", [C51Head(atoms=5), QuantileHead(quantiles=4)], ids=["c51", "quantile"])
def test_members_may_be_distributions(head):
    ensemble = EnsembleHead(members=K, head=head)
    assert own_loss(ensemble)
    layer, x = built(ensemble), RNG.normal(size=(B, FEATURES)).astype(np.float32)
    out = layer(x)
    given = rows(of_each_member())._replace(out=out, next_out=out, loss=None)
    losses, _ = ensemble.losses(given, call())
    alone = [
        head.losses(given._replace(out=out[:, k], next_out=out[:, k], backup=Backup(given.backup.policy[k::K])), call())
        for k in range(K)
    ]
    np.testing.assert_allclose(losses, sum(costs.losses for costs in alone), rtol=1e-4)
    wanted = np.mean([head.values(out[:, k]) for k in range(K)], axis=0)
    np.testing.assert_allclose(ensemble.values(out), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("head", [IQNHead(fractions=2), EnsembleHead()], ids=["iqn", "ensemble"])
def test_heads_that_cannot_be_members_are_refused(head):
    with pytest.raises(ParameterError, match=r"which does not say `one_tensor`.*; allowed: c51, quantile or") as no:
        EnsembleHead(head=head)
    assert no.value.parameter == "head"


@pytest.mark.parametrize(("name", "wrong"), [("members", 1), ("p", 0.0), ("p", 1.1), ("prior_scale", -1.0)])
def test_parameters_have_ranges(name, wrong):
    with pytest.raises(ParameterError) as refused:
        EnsembleHead(**{name: wrong})
    assert refused.value.parameter == name
    assert EnsembleHead().head == ValueHead()
