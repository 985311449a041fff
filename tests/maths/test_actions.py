"""Choosing among discrete actions, of which some may be forbidden."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from rlkit import any_action, greedy, masked
from rlkit.maths.actions import FORBIDDEN
from rlkit.noise.traced import TracedNoise

MASKS = [
    [True, False, True, True, False],
    [False, False, False, False, True],
    [True] * 5,
    [False, True, False, True, True],
]


def noise_of(rows, seed=0):
    return TracedNoise(integers=np.random.default_rng(seed).integers(0, 2**32, rows, np.int64))


@pytest.mark.parametrize("jit_compile", [None, False, True], ids=["eager", "graph", "xla"])
def test_any_action_is_uniform_over_those_that_are_allowed(jit_compile):
    rows = 40_000
    allowed, noise = np.tile(MASKS, (rows // len(MASKS), 1)), noise_of(rows)

    def call(mask):
        return any_action(mask, noise)

    draw = call if jit_compile is None else tf.function(call, jit_compile=jit_compile)
    drawn = draw(tf.constant(allowed))
    assert drawn.dtype == tf.int32
    for place, mask in enumerate(MASKS):
        counts = np.bincount(drawn.numpy()[place :: len(MASKS)], minlength=5)
        assert not counts[~np.array(mask)].any()
        chosen = counts[np.array(mask)]
        assert len(chosen) == 1 or stats.chisquare(chosen).pvalue > 0.001


def test_any_action_is_the_unmasked_draw_where_all_are_allowed():
    rows = 1_000
    unmasked = noise_of(rows).integers((rows,), 5).numpy().tolist()
    known = tf.function(lambda: any_action(tf.constant(True, shape=(rows, 5)), noise_of(rows)))
    assert known().numpy().tolist() == unmasked
    assert any_action(tf.constant(np.ones((rows, 5), bool)), noise_of(rows)).numpy().tolist() == unmasked


@pytest.mark.parametrize("word", [0, 2**32 - 1])
def test_any_action_is_allowed_at_both_ends_of_the_noise(word):
    noise = TracedNoise(integers=np.full(len(MASKS), word, np.int64))
    expected = [np.flatnonzero(mask)[0 if word == 0 else -1] for mask in MASKS]
    assert any_action(tf.constant(MASKS), noise).numpy().tolist() == expected


def test_greedy_is_the_greatest_of_the_allowed_and_the_first_of_equals():
    values = tf.constant([[9.0, 5.0, 1.0], [-3.0, -2.0, -2.0], [-1e20, 7.0, -1e20]])
    allowed = tf.constant([[False, True, True], [True, True, True], [True, False, True]])
    assert greedy(values, allowed).numpy().tolist() == [1, 1, 0]


def test_forbidden_values_are_far_below_all_others_and_finite():
    values, allowed = tf.constant([[1.0, -1e9]]), tf.constant([[False, True]])
    found = masked(values, allowed).numpy()
    assert found.tolist() == [[np.float32(FORBIDDEN), -1e9]]
    assert (0.0 * found == 0).all()


def test_values_are_left_alone_where_a_graph_knows_that_all_are_allowed():
    @tf.function
    def same(values):
        return masked(values, tf.constant(True, shape=(2, 3))) is values

    assert same(tf.zeros((2, 3))).numpy()
