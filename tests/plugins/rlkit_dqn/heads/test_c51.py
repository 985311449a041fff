from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import ParameterError
from rlkit_dqn import C51Head
from rlkit_dqn.heads.categorical import project
from tests.plugins.rlkit_dqn.heads.samples import (
    ACTION,
    ACTIONS,
    BONUS,
    DISCOUNT,
    NEXT_BONUS,
    POLICY,
    REWARD,
    normal,
    rows,
)
from tests.plugins.rlkit_dqn.words import call

ATOMS = 11
HEAD = C51Head(atoms=ATOMS, low=-2.0, high=3.0)
OUT, NEXT = normal(1, 4, ACTIONS, ATOMS), normal(2, 4, ACTIONS, ATOMS)


def softmax(logits):
    weights = np.exp(logits.astype(np.float64) - logits.max())
    return weights / weights.sum()


def target(row, *, bonuses):
    """The algorithm of the paper (algorithm 1), for each action by itself: neighbours get what they are near to."""
    atoms = np.linspace(-2, 3, ATOMS)
    shared = np.zeros(ATOMS)
    for action in range(ACTIONS):
        for place, probability in enumerate(softmax(NEXT[row, action])):
            bonus, next_bonus = (BONUS[row], NEXT_BONUS[row, action]) if bonuses else (0, 0)
            value = REWARD[row] + bonus + DISCOUNT[row] * (atoms[place] + next_bonus)
            at = (min(max(value, -2), 3) + 2) / 0.5
            below, above = int(np.floor(at)), int(np.ceil(at))
            share = POLICY[row, action] * probability
            if below == above:
                shared[below] += share
            else:
                shared[below] += share * (above - at)
                shared[above] += share * (at - below)
    return shared


@pytest.mark.parametrize("bonuses", [False, True])
def test_loss_is_the_cross_entropy_with_the_projected_target(bonuses):
    losses, td_error = HEAD.losses(rows(tf.constant(OUT), tf.constant(NEXT), bonuses=bonuses), call())
    for row in range(4):
        wanted, found = target(row, bonuses=bonuses), softmax(OUT[row, ACTION[row]])
        assert wanted.sum() == pytest.approx(1, abs=1e-6)
        np.testing.assert_allclose(losses[row], -(wanted * np.log(found)).sum(), rtol=1e-4)
        some = wanted > 0
        divergence = (wanted[some] * np.log(wanted[some] / found[some])).sum()
        np.testing.assert_allclose(td_error[row], divergence, rtol=1e-3, atol=1e-5)


def test_gradient_is_prediction_less_target_at_the_action_taken():
    out, following = tf.constant(OUT), tf.constant(NEXT)
    with tf.GradientTape() as tape:
        tape.watch((out, following))
        losses, _ = HEAD.losses(rows(out, following, bonuses=False), call())
    of_out, of_following = tape.gradient(losses, (out, following))
    assert of_following is None
    for row in range(4):
        for action in range(ACTIONS):
            difference = softmax(OUT[row, action]) - target(row, bonuses=False)
            wanted = difference if action == ACTION[row] else np.zeros(ATOMS)
            np.testing.assert_allclose(of_out[row, action], wanted, rtol=1e-4, atol=1e-6)


def test_values_are_means():
    expected = [[softmax(logits) @ np.linspace(-2, 3, ATOMS) for logits in row] for row in OUT]
    np.testing.assert_allclose(HEAD.values(tf.constant(OUT)), expected, rtol=1e-4, atol=1e-6)


def test_a_probability_goes_to_its_neighbours_and_beyond_an_end_to_that_end():
    probabilities = tf.constant([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]])
    found = project(probabilities, tf.constant([[0.25, 1.0, 1.5], [-3.0, 7.0, 2.0]]))
    np.testing.assert_allclose(found, [[0.375, 0.5, 0.125], [0.5, 0.0, 0.5]])


def test_equal_bonuses_of_all_actions_count_as_any_next_values_do():
    """Mixed and projected once, or projected action by action: the same."""
    plain = rows(tf.constant(OUT), tf.constant(NEXT), bonuses=False)
    zero = plain._replace(backup=plain.backup._replace(next_bonus=tf.zeros((4, ACTIONS))))
    np.testing.assert_allclose(HEAD.losses(plain, call())[0], HEAD.losses(zero, call())[0], rtol=1e-5)


def test_dueling_streams_meet_atom_by_atom():
    last = C51Head(atoms=3, dueling=True).build(tf.TensorSpec((6,), tf.float32), 2)
    last.set_weights([normal(seed, *weight.shape) for seed, weight in enumerate(last.get_weights())])
    x = normal(9, 5, 6)
    streams = {layer.name: layer.get_weights() for layer in last.layers if layer.get_weights()}
    value, advantage = (x @ streams[name][0] + streams[name][1] for name in ("value", "advantage"))
    advantage = advantage.reshape(5, 2, 3)
    expected = value.reshape(5, 1, 3) + advantage - advantage.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(last(x), expected, rtol=1e-4, atol=1e-5)


def test_high_is_above_low():
    with pytest.raises(ParameterError, match=r"found 1.0; allowed: above low \(1.0\)") as refused:
        C51Head(low=1.0, high=1.0)
    assert refused.value.parameter == "high"
