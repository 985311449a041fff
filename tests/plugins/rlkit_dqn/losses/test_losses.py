from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import ParameterError
from rlkit_dqn import Huber, SquaredError

ERRORS = tf.constant([-3.0, -2.0, -0.5, 0.0, 0.5, 2.0, 3.0])


def value_and_slope(loss):
    with tf.GradientTape() as tape:
        tape.watch(ERRORS)
        value = loss.value(ERRORS)
    return value.numpy(), tape.gradient(value, ERRORS).numpy()


def test_squared_error_has_no_half():
    value, slope = value_and_slope(SquaredError())
    np.testing.assert_array_equal(value, [9, 4, 0.25, 0, 0.25, 4, 9])
    np.testing.assert_array_equal(slope, [-6, -4, -1, 0, 1, 4, 6])


def test_huber_is_linear_beyond_its_threshold():
    value, slope = value_and_slope(Huber(threshold=2.0))
    np.testing.assert_array_equal(value, [4, 2, 0.125, 0, 0.125, 2, 4])
    np.testing.assert_array_equal(slope, [-2, -2, -0.5, 0, 0.5, 2, 2])


def test_huber_s_slope_is_the_clipped_error():
    np.testing.assert_array_equal(value_and_slope(Huber())[1], np.clip(ERRORS, -1, 1))


def test_threshold_is_above_zero():
    with pytest.raises(ParameterError):
        Huber(threshold=0)
