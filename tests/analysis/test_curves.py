from __future__ import annotations

import numpy as np
import pytest

from rlkit.analysis.curves import moving_average


@pytest.mark.parametrize("window", [1, 2, 20, 100])
def test_each_value_is_the_mean_of_a_full_window(window: int) -> None:
    values = np.random.default_rng(0).normal(200, 80, 100)
    expected = [values[end - window : end].mean() for end in range(window, 101)]
    assert moving_average(values, window) == pytest.approx(expected)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0]])
def test_fewer_values_than_the_window_have_no_average(values: list[float]) -> None:
    assert moving_average(values, 3).shape == (0,)
