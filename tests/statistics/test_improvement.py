from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from rlkit.statistics.bootstrap import multiplicities
from rlkit.statistics.improvement import (
    improvement_interval,
    performance_profile,
    probability_of_improvement,
    ranks,
    resampled_improvement,
)


def test_ties_count_half() -> None:
    assert probability_of_improvement(np.array([1.0, 2.0]), np.array([1.0, 1.0, 3.0])) == pytest.approx(
        (0.5 + 0.5 + 0 + 1 + 1 + 0) / 6
    )


def test_it_is_mann_and_whitneys_statistic_over_the_number_of_pairs() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = rng.integers(0, 9, 12).astype(float), rng.integers(2, 11, 17).astype(float)
    expected = stats.mannwhitneyu(ours, theirs).statistic / (12 * 17)
    assert probability_of_improvement(ours, theirs) == pytest.approx(expected)


def test_resamples_are_compared_row_by_row() -> None:
    ours, theirs = np.array([[1.0, 2.0], [5.0, 6.0]]), np.array([[3.0], [4.0]])
    assert probability_of_improvement(ours, theirs).tolist() == [0.0, 1.0]


def test_ranks_are_scipys() -> None:
    scores = np.array([3.0, 1.0, 3.0, 2.0, 3.0, 1.0])
    assert ranks(scores).tolist() == stats.rankdata(scores).tolist()


@pytest.mark.parametrize("count", [3, 10])
def test_winning_all_pairs_is_not_certainty(count: int) -> None:
    won = improvement_interval(1.0, np.ones(50), (count, 20), 0.95, paired=False)
    exact = stats.binomtest(count, count).proportion_ci(method="exact")
    assert (won.low, won.high) == (pytest.approx(exact.low), 1.0)
    lost = improvement_interval(0.0, np.zeros(50), (count, 20), 0.95, paired=False)
    assert (lost.low, lost.high) == (0.0, pytest.approx(1 - exact.low))


def test_a_profile_is_the_share_above() -> None:
    scores = np.array([1.0, 2.0, 2.0, 5.0])
    assert performance_profile(scores, np.array([0.0, 1.0, 2.0, 4.9, 5.0])).tolist() == [1.0, 0.75, 0.25, 0.25, 0.0]


def test_resamples_told_by_counts_are_those_told_by_scores() -> None:
    rng = np.random.default_rng(1)
    ours, theirs = rng.integers(0, 5, 7).astype(float), rng.integers(0, 5, 4).astype(float)
    one, other = rng.integers(0, 7, (20, 7)), rng.integers(0, 4, (20, 4))
    found = resampled_improvement(ours, theirs, multiplicities(one, 7), multiplicities(other, 4))
    assert found == pytest.approx(probability_of_improvement(ours[one], theirs[other]))
