"""Rows by time, and the windows in them, against loops in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import n_step
from rlkit_dqn.agents.sequences import sequence_of, windows_of, without_burn_in
from tests.plugins.rlkit_dqn.agents.rows import GAMMA, n_step_by_hand, rows


@pytest.mark.parametrize("steps", [1, 3, 9])
def test_each_step_has_the_n_step_return_of_its_own_row(steps):
    before, length = 2, 5
    sample = rows(before, length)
    found = n_step(windows_of(without_burn_in(sample, before), steps), GAMMA)
    count = sample.valid.shape[0]
    checked = 0
    for time in range(length):
        for row in range(count):
            if not sample.valid[row, before + time]:
                continue
            reward, discount, last = n_step_by_hand(sample, row, before + time, steps)
            place = time * count + row
            assert float(found.reward[place]) == pytest.approx(reward, rel=1e-5, abs=1e-6)
            assert float(found.discount[place]) == pytest.approx(discount, rel=1e-5)
            np.testing.assert_array_equal(found.next_observation[place], sample.steps.next_observation[row, last])
            checked += 1
    assert 3 * length < checked < count * length


def test_a_window_holds_nothing_after_a_step_that_is_not_valid():
    sample = rows(0, 4)
    valid = tf.constant([[True, False, True, True]] * sample.valid.shape[0])
    found = windows_of(sample._replace(valid=valid), 3).valid[:: sample.valid.shape[0]]
    assert found.numpy().tolist() == [[1, 0, 0], [0, 0, 0], [1, 1, 0], [1, 0, 0]]


def test_what_is_observed_goes_on_past_an_episode_s_end_with_what_it_led_to():
    before, length = 2, 5
    sample = rows(before, length)
    sequence, steps = sequence_of(sample), sample.steps
    for row in range(sample.valid.shape[0]):
        for time in range(before + length):
            if not sample.valid[row, time]:
                continue
            np.testing.assert_array_equal(sequence.observation[time, row], steps.observation[row, time])
            np.testing.assert_array_equal(sequence.observation[time + 1, row], steps.next_observation[row, time])
            assert sequence.previous_action[time, row] == steps.extras["previous_action"][row, time]
            assert sequence.previous_action[time + 1, row] == steps.action[row, time]
            assert sequence.previous_reward[time + 1, row] == steps.reward[row, time]


def test_a_row_begins_at_its_first_valid_step():
    sample = rows(2, 5)
    found = sequence_of(sample).begins.numpy()
    assert (found.sum(axis=0) == 1).all()
    assert (found.argmax(axis=0) == sample.valid.numpy().argmax(axis=1)).all()
