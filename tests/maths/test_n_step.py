"""n-step returns against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Sample, Step, n_step

REWARDS = (1.0, 10.0, 100.0)


def sample_of(valid, terminated=(), truncated=(), length=3):
    """A row with the rewards 1, 10, 100, whose steps lead to the observations 1, 2, 3 and allow as many actions."""
    places = np.arange(length)

    def row(values):
        return tf.constant(np.asarray(values)[None])

    steps = Step(
        observation=row(places[:, None].astype(np.float32)),
        action=row(np.zeros(length, np.int32)),
        reward=row(np.array(REWARDS[:length], np.float32)),
        terminated=row(np.isin(places, terminated)),
        truncated=row(np.isin(places, truncated)),
        next_observation=row((places[:, None] + 1).astype(np.float32)),
        extras={},
        allowed=row(np.ones((length, 4), bool)),
        next_allowed=row(np.arange(4) <= places[:, None]),
    )
    return Sample(steps, row(places < valid), tf.zeros((1,), tf.int64), tf.ones((1,)))


@pytest.mark.parametrize("jit_compile", [None, True], ids=["eager", "xla"])
@pytest.mark.parametrize(
    ("sample", "reward", "discount", "following"),
    [
        (sample_of(3), 1 + 5 + 25, 0.125, 3),
        (sample_of(3, terminated=[2]), 1 + 5 + 25, 0.0, 3),
        (sample_of(3, truncated=[2]), 1 + 5 + 25, 0.125, 3),
        (sample_of(2, terminated=[1]), 1 + 5, 0.0, 2),
        (sample_of(2, truncated=[1]), 1 + 5, 0.25, 2),
        (sample_of(1, terminated=[0]), 1, 0.0, 1),
        (sample_of(1, truncated=[0]), 1, 0.5, 1),
        (sample_of(2), 1 + 5, 0.25, 2),
        (sample_of(1, terminated=[1, 2]), 1, 0.5, 1),
        (sample_of(1, length=1), 1, 0.5, 1),
        (sample_of(1, terminated=[0], length=1), 1, 0.0, 1),
        (sample_of(1, truncated=[0], length=1), 1, 0.5, 1),
    ],
    ids=[
        "whole row",
        "terminated at its last step",
        "truncated at its last step",
        "terminated within",
        "truncated within",
        "terminated at once",
        "truncated at once",
        "beyond the newest step",
        "ends of another episode count for nothing",
        "one step",
        "one step, terminated",
        "one step, truncated",
    ],
)
def test_rewards_are_summed_up_to_the_last_valid_step_and_bootstrapped_unless_it_terminated(
    sample, reward, discount, following, jit_compile
):
    def call():
        return n_step(sample, 0.5)

    found = tf.function(call, jit_compile=True)() if jit_compile else call()
    assert found.reward.numpy().tolist() == [reward]
    assert found.discount.numpy().tolist() == [discount]
    assert found.next_observation.numpy().tolist() == [[following]]
    assert found.next_allowed.numpy().sum() == following


def test_rows_end_each_where_they_do():
    samples = [sample_of(3), sample_of(1, terminated=[0]), sample_of(2, truncated=[1])]
    together = tf.nest.map_structure(lambda *rows: tf.concat(rows, 0), *samples)
    found = n_step(together, 0.5)
    assert found.reward.numpy().tolist() == [31, 1, 6]
    assert found.discount.numpy().tolist() == [0.125, 0, 0.25]
    assert found.next_observation.numpy().tolist() == [[3], [1], [2]]


def test_without_discount_rewards_are_summed_as_they_are():
    found = n_step(sample_of(3), 1.0)
    assert (found.reward.numpy().tolist(), found.discount.numpy().tolist()) == ([111], [1])


def test_what_no_step_is_worth_is_not_looked_at():
    # A step that is not valid may hold anything, NaN too.
    sample = sample_of(2)
    steps = sample.steps._replace(next_observation=tf.constant([[[1.0], [2.0], [np.nan]]]))
    assert n_step(sample._replace(steps=steps), 0.5).next_observation.numpy().tolist() == [[2]]


@pytest.mark.parametrize("length", [1, 3])
def test_the_discount_may_be_a_tensor(length):
    sample = sample_of(2, length=length)
    for found, expected in zip(n_step(sample, tf.constant(0.7)), n_step(sample, 0.7), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
