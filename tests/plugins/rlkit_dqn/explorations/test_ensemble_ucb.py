from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import ParameterError
from rlkit_dqn import EnsembleUCB, Linear
from tests.plugins.rlkit_dqn.words import call, seen

VALUES = np.array([[[1.0, 0.0, 0.8], [1.0, 2.0, 1.4]], [[3.0, 0.0, 0.0], [0.0, 1.0, 1.6]]], np.float32)
"""(B, K, n): means (1, 1, 1.1) and (1.5, 0.5, 0.8), deviations (0, 1, 0.3) and (1.5, 0.5, 0.8)."""


def chosen(c, allowed=None, values=VALUES, **now):
    there = seen(np.zeros((2, 1), np.float32), 3, allowed)
    return EnsembleUCB(c=c).select(tf.constant(values), there, call(**now)).numpy().tolist()


def test_the_bound_is_the_mean_and_c_deviations():
    assert chosen(0.0) == [2, 0]
    assert chosen(0.1) == [2, 0]  # 1, 1.1, 1.13
    assert chosen(0.2) == [1, 0]  # 1, 1.2, 1.16


def test_c_follows_a_schedule():
    c = Linear(start=0.2, end=0.0, over=10)
    assert [chosen(c, step=step)[0] for step in (0, 10)] == [1, 2]


def test_forbidden_actions_are_left_out_however_far_below_they_are():
    allowed = np.array([[True, False, True], [False, True, True]])
    far = np.where(allowed[:, None], VALUES, np.float32(-1e30))
    assert chosen(1.0, allowed, far) == [2, 2]


def test_its_probabilities_are_its_choice():
    there = seen(np.zeros((2, 1), np.float32), 3)
    found = EnsembleUCB(c=0.2).probabilities(tf.constant(VALUES), there, call())
    np.testing.assert_array_equal(found, [[0, 1, 0], [1, 0, 0]])


def test_c_is_not_below_0():
    with pytest.raises(ParameterError):
        EnsembleUCB(c=-0.1)
