"""h and its inverse against NumPy and a search for the inverse."""

from __future__ import annotations

import numpy as np
import pytest

from rlkit_dqn.agents.value_rescaling import rescaled, unscaled

RETURNS = np.array([-1e6, -400.0, -3.0, -0.01, 0.0, 1e-4, 0.5, 8.0, 99.0, 1e4, 1e6], np.float32)


def h(x, epsilon):
    return np.sign(x) * (np.sqrt(abs(x) + 1) - 1) + epsilon * x


@pytest.mark.parametrize("epsilon", [1e-3, 1e-2])
def test_values_are_rescaled_as_the_paper_says(epsilon):
    expected = [h(float(x), epsilon) for x in RETURNS]
    np.testing.assert_allclose(rescaled(RETURNS, epsilon), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("epsilon", [1e-3, 1e-2])
def test_the_inverse_is_what_bisection_finds(epsilon):
    for goal in (-50.0, -0.3, 0.0, 0.02, 1.0, 7.0, 200.0):
        low, high = -1e7, 1e7
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if h(middle, epsilon) < goal else (low, middle)
        assert float(unscaled(np.float32(goal), epsilon)) == pytest.approx(low, rel=1e-5, abs=1e-6)


def test_there_and_back_is_where_it_began():
    np.testing.assert_allclose(unscaled(rescaled(RETURNS)), RETURNS, rtol=2e-5, atol=1e-6)
