"""What follows a row's n steps, beside loops over its steps."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import n_step
from rlkit_dqn.agents.following import next_action, next_seen, shortened
from tests.plugins.rlkit_dqn.samples import random_sample

ROWS, WHOLE, ACTIONS = 6, 4, 3


@pytest.fixture
def sample():
    """Rows of four steps, of which so many are valid."""
    rng = np.random.default_rng(0)
    shape = (ROWS, WHOLE)
    made = random_sample(
        0,
        rows=ROWS,
        observation=rng.normal(size=(*shape, 4)).astype(np.float32),
        action=rng.integers(0, ACTIONS, shape).astype(np.int32),
        reward=rng.normal(size=shape).astype(np.float32),
        terminated=np.zeros(shape, bool),
        truncated=np.zeros(shape, bool),
        next_observation=rng.normal(size=(*shape, 4)).astype(np.float32),
        allowed=np.ones((*shape, ACTIONS), bool),
        next_allowed=np.ones((*shape, ACTIONS), bool),
    )
    return made._replace(valid=tf.constant(np.arange(WHOLE) < np.array([4, 3, 2, 1, 4, 3])[:, None]))


@pytest.mark.parametrize("length", [1, 3])
def test_the_next_action_is_that_of_the_step_after_the_valid_ones(sample, length):
    steps, valid = (sample.steps, sample.valid) if length == 3 else (shortened(sample, 2).steps, sample.valid[:, :2])
    sample = sample._replace(steps=steps, valid=valid)
    ahead = n_step(shortened(sample, length), 0.9)
    found = next_action(sample, ahead, length).numpy()
    for row in range(ROWS):
        place = min(length, int(sample.valid.numpy()[row].sum()))
        there = bool(sample.valid.numpy()[row].sum() > place)
        assert found[row] == (sample.steps.action.numpy()[row, place] if there else -1)
    assert (found == -1).any()
    assert (found >= 0).any()


def test_an_action_that_is_forbidden_after_the_steps_is_none(sample):
    ahead = n_step(shortened(sample, 3), 0.9)
    action = next_action(sample, ahead, 3).numpy()
    allowed = np.ones((ROWS, ACTIONS), bool)
    allowed[0, action[0]] = False
    found = next_action(sample, ahead._replace(next_allowed=tf.constant(allowed)), 3).numpy()
    assert found[0] == -1
    np.testing.assert_array_equal(found[1:], action[1:])


@pytest.mark.parametrize("length", [1, 3])
def test_what_is_seen_after_the_steps_comes_with_the_last_action_and_reward(sample, length):
    cut = shortened(sample, length)
    seen = next_seen(cut, n_step(cut, 0.9))
    for row in range(ROWS):
        last = min(length, int(sample.valid.numpy()[row].sum())) - 1
        assert int(seen.previous_action[row]) == sample.steps.action.numpy()[row, last]
        assert float(seen.previous_reward[row]) == sample.steps.reward.numpy()[row, last]
        np.testing.assert_array_equal(seen.observation[row], sample.steps.next_observation[row, last])
    assert not seen.first.numpy().any()
    assert seen.previous_action.dtype == tf.int32


def test_rows_of_the_length_asked_for_are_left_alone(sample):
    assert shortened(sample, WHOLE) is sample
