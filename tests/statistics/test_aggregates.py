from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from rlkit.statistics.aggregates import interquartile_mean, mean, median, optimality_gap


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 10, 30])
def test_the_interquartile_mean_is_scipys_trimmed_mean(count: int) -> None:
    scores = np.random.default_rng(count).lognormal(size=(6, count))
    assert interquartile_mean(scores) == pytest.approx(stats.trim_mean(scores, 0.25, axis=1))


def test_aggregates_worked_out_by_hand() -> None:
    scores = np.array([0.0, 0.4, 0.6, 0.8, 1.0, 1.2, 5.0, 9.0])
    assert interquartile_mean(scores) == pytest.approx((0.6 + 0.8 + 1.0 + 1.2) / 4)
    assert mean(scores) == pytest.approx(18.0 / 8)
    assert median(scores) == pytest.approx(0.9)
    assert optimality_gap(scores) == pytest.approx((1.0 + 0.6 + 0.4 + 0.2) / 8)
    assert optimality_gap(scores, target=0.5) == pytest.approx((0.5 + 0.1) / 8)
