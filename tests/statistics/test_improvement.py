from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rlkit.statistics.improvement import (
    improvement_interval,
    mean_improvement_interval,
    performance_profile,
    places,
    probability_of_improvement,
    share_interval,
    sooner,
    won,
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


def test_of_times_the_sooner_wins_and_one_given_up_too_soon_tells_nothing() -> None:
    ours, seen = np.array([3.0, 5.0, 2.0]), np.array([True, True, False])
    theirs, their_seen = np.array([5.0, 4.0, 1.0, 3.0]), np.array([True, False, True, False])
    # A run that was watched until 3 and saw nothing takes longer than one that had seen it at 3.
    assert sooner(ours, theirs, seen, their_seen).tolist() == [
        [1.0, 1.0, 0.0, 1.0],
        [0.5, 0.5, 0.0, 0.5],
        [0.5, 0.5, 0.0, 0.5],
    ]
    assert sooner(theirs, ours, their_seen, seen).T.tolist() == (1 - sooner(ours, theirs, seen, their_seen)).tolist()
    both = np.full(4, True)
    assert sooner(theirs, theirs, both, both).tolist() == won(-theirs, -theirs).tolist()


@given(st.lists(st.integers(0, 4), min_size=1, max_size=9), st.lists(st.integers(0, 4), min_size=1, max_size=9))
def test_places_are_mid_ranks_and_tell_the_probability(ours: list[int], theirs: list[int]) -> None:
    one, other = np.array(ours, float), np.array(theirs, float)
    both = np.concatenate([one, other])
    found = places(won(both, both))
    assert found == pytest.approx((2 * stats.rankdata(both) - 1) / len(both) - 1)
    gap = found[: len(one)].mean() - found[len(one) :].mean()
    assert gap == pytest.approx(2 * probability_of_improvement(one, other) - 1)


@pytest.mark.parametrize("count", [1, 3, 10, 30])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_the_ends_of_an_interval_are_as_many_of_their_own_standard_errors_away(count: int, share: float) -> None:
    found = improvement_interval(share, count)
    for end in (found.low, found.high):
        if share == end:
            assert end in (0.0, 1.0)
            continue
        first, second = end / (2 - end), 2 * end**2 / (1 + end)  # Hanley and McNeil's Q1 and Q2
        variance = end * (1 - end) + (count - 1) * (first + second - 2 * end**2)
        assert abs(share - end) == pytest.approx(1.959964 * np.sqrt(variance) / count, rel=1e-5)
    mirrored = improvement_interval(1 - share, count)
    assert (found.low, found.high) == (pytest.approx(1 - mirrored.high), pytest.approx(1 - mirrored.low))
    assert 0.0 <= found.low <= share <= found.high <= 1.0
    assert found.high - found.low > 0.05  # winning all pairs is not certainty


def test_the_interval_over_tasks_narrows_with_their_number_and_is_never_certain() -> None:
    rng = np.random.default_rng(3)
    tasks = [won(rng.normal(0.7, 1, 8), rng.normal(0, 1, 8)) for _ in range(16)]
    few, many = mean_improvement_interval(tasks[:4]), mean_improvement_interval(tasks)
    assert many.estimate == pytest.approx(np.mean([task.mean() for task in tasks]))
    assert many.high - many.low < 0.7 * (few.high - few.low)
    certain = mean_improvement_interval([np.ones((3, 3)), np.ones((3, 3))])
    assert (certain.estimate, certain.high) == (1.0, 1.0)
    assert 0.4 < certain.low < 0.7
    alone = mean_improvement_interval([np.ones((1, 1)), np.zeros((1, 1))])
    assert alone.high - alone.low > 0.6


@pytest.mark.parametrize("count", [1, 10, 30])
def test_shares_have_wilsons_interval(count: int) -> None:
    won = np.unique(np.array([0, count // 3, count]))
    low, high = share_interval(won / count, count)
    for place, number in enumerate(won):
        exact = stats.binomtest(int(number), count).proportion_ci(method="wilson")
        assert (low[place], high[place]) == (pytest.approx(exact.low, abs=1e-12), pytest.approx(exact.high))


def test_a_profile_is_the_share_above() -> None:
    scores = np.array([1.0, 2.0, 2.0, 5.0])
    assert performance_profile(scores, np.array([0.0, 1.0, 2.0, 4.9, 5.0])).tolist() == [1.0, 0.75, 0.25, 0.25, 0.0]
