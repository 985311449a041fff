"""Running mean and variance, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from rlkit.maths.running_statistics import RunningStatistics


@pytest.mark.parametrize("batch", [1, 8])
def test_they_are_numpys_over_all_rows(batch: int) -> None:
    rows = np.random.default_rng(0).normal([3.0, -200.0], [0.5, 30.0], (800, 2)).astype(np.float32)
    statistics = RunningStatistics((2,))
    for begin in range(0, len(rows), batch):
        statistics.add(rows[begin : begin + batch])
    exact = rows.astype(np.float64)
    assert statistics.count.numpy() == 800
    np.testing.assert_allclose(statistics.mean.numpy(), exact.mean(0), rtol=1e-5)
    np.testing.assert_allclose(statistics.variance.numpy(), exact.var(0), rtol=1e-4)


def test_nothing_is_changed_before_any_row_and_the_first_row_is_the_mean() -> None:
    statistics, rows = RunningStatistics((1,)), np.array([[3.0]], np.float32)
    assert statistics.normalized(rows, 0.0, 10.0).numpy().tolist() == [[3.0]]
    statistics.add(rows)
    assert statistics.normalized(rows, 1e-8, 10.0).numpy().tolist() == [[0.0]]
    assert statistics.normalized(rows + 1.0, 1e-8, 10.0).numpy().tolist() == [[10.0]]
