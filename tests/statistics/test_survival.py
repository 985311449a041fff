from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rlkit.statistics.bootstrap import multiplicities
from rlkit.statistics.survival import (
    kaplan_meier,
    log_rank,
    log_rank_scores,
    median_time,
    resampled_curves,
    restricted_mean,
)

TIMES = np.array([6.0, 6.0, 6.0, 6.0, 7.0, 9.0, 10.0, 10.0, 11.0, 13.0, 16.0, 17.0, 19.0, 20.0, 22.0, 23.0, 25.0, 32.0,
                  32.0, 34.0, 35.0])  # fmt: skip
SEEN = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], bool)
"""Freireich et al. (1963), 6-mercaptopurine: weeks of remission, as textbooks have them."""
PLACEBO = np.array([1.0, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23])


def test_the_curve_of_the_textbooks_example() -> None:
    curve = kaplan_meier(TIMES, SEEN)
    assert curve.time.tolist() == [0, 6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 21, 17, 15, 12, 11, 7, 6]
    assert curve.share.round(3).tolist() == [1, 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert median_time(curve) == 23


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")  # once nobody is left
def test_the_curve_and_its_variance_are_scipys() -> None:
    rng = np.random.default_rng(0)
    times, seen = np.ceil(rng.exponential(20, 40)), rng.random(40) < 0.7
    curve = kaplan_meier(times, seen)
    found = stats.ecdf(stats.CensoredData.right_censored(times, ~seen)).sf
    assert curve.share == pytest.approx(found.evaluate(curve.time))
    bounds = found.confidence_interval(method="log-log")
    inside = curve.share[1:] > 0
    assert curve.low[1:][inside] == pytest.approx(bounds.low.evaluate(curve.time[1:])[inside])
    assert curve.high[1:][inside] == pytest.approx(bounds.high.evaluate(curve.time[1:])[inside])


def test_without_censoring_it_is_the_share_that_is_left_and_the_mean() -> None:
    times, seen = np.array([1.0, 2.0, 2.0, 5.0]), np.ones(4, bool)
    curve = kaplan_meier(times, seen)
    assert curve.share.tolist() == pytest.approx([1, 0.75, 0.25, 0])
    assert restricted_mean(curve, 5.0) == pytest.approx(times.mean())
    assert restricted_mean(curve, 3.0) == pytest.approx((1 + 2 + 2 + 3) / 4)
    assert median_time(curve) == 2


def test_a_run_that_was_lost_early_counts_as_long_as_it_was_watched() -> None:
    curve = kaplan_meier(np.array([4.0, 2.0, 6.0]), np.array([True, False, True]))
    assert curve.share.tolist() == pytest.approx([1, 0.5, 0])
    assert restricted_mean(curve, 6.0) == pytest.approx(4 * 1 + 2 * 0.5)


def test_where_nobody_got_there_all_are_left() -> None:
    curve = kaplan_meier(np.array([5.0, 9.0]), np.zeros(2, bool))
    assert curve.share.tolist() == [1.0]
    assert restricted_mean(curve, 9.0) == 9.0
    assert math.isinf(median_time(curve))


def test_one_run() -> None:
    curve = kaplan_meier(np.array([5.0]), np.ones(1, bool))
    assert (curve.time.tolist(), curve.share.tolist()) == ([0, 5], [1, 0])
    assert (median_time(curve), restricted_mean(curve, 8.0)) == (5, 5)


def test_the_log_rank_test_is_scipys() -> None:
    mine = stats.CensoredData.right_censored(TIMES, ~SEEN)
    expected = stats.logrank(mine, stats.CensoredData(PLACEBO)).pvalue
    assert log_rank(TIMES, SEEN, PLACEBO, np.ones(21, bool)) == pytest.approx(expected)
    assert log_rank(TIMES[:2], ~SEEN[:2], TIMES[:2], ~SEEN[:2]) == 1.0


def test_scores_sum_to_what_the_log_rank_test_calls_observed_less_expected() -> None:
    times, seen = np.concatenate([TIMES, PLACEBO]), np.concatenate([SEEN, np.ones(21, bool)])
    scores = log_rank_scores(times, seen)
    assert scores.sum() == pytest.approx(0, abs=1e-12)
    assert scores[:21].sum() == pytest.approx(9 - 19.25, abs=0.005)  # of 9 relapses 19.25 were expected
    assert log_rank_scores(np.array([3.0, 4.0]), np.zeros(2, bool)).tolist() == [0, 0]


def test_curves_of_resamples_are_those_of_the_runs_in_them() -> None:
    drawn = np.random.default_rng(1).integers(0, 21, (50, 21))
    curves = resampled_curves(TIMES, SEEN, multiplicities(drawn, 21))
    alone = [kaplan_meier(TIMES[index], SEEN[index]) for index in drawn]
    assert curves.medians().tolist() == [median_time(one) for one in alone]
    for until in (5.0, 15.0, 35.0):
        assert curves.restricted_means(until) == pytest.approx([restricted_mean(one, until) for one in alone])


def test_resamples_of_runs_that_never_got_there() -> None:
    curves = resampled_curves(np.array([5.0, 9.0]), np.zeros(2, bool), np.ones((3, 2)))
    assert np.isinf(curves.medians()).all()
    assert curves.restricted_means(9.0).tolist() == [9.0] * 3


def test_where_all_have_seen_the_event_the_rest_is_not_certain_to_be_nothing() -> None:
    times = np.array([1.0, 2.0, 3.0, 3.0])
    curve = kaplan_meier(times, np.ones(4, bool))
    assert (curve.share[-1], curve.low[-1]) == (0.0, 0.0)
    assert curve.high[-1] == curve.high[-2] > 0.5
    single = kaplan_meier(np.array([5.0]), np.array([True]))
    assert (single.share.tolist(), single.low.tolist(), single.high.tolist()) == ([1.0, 0.0], [1.0, 0.0], [1.0, 1.0])


def test_where_none_has_seen_it_the_curve_stays_where_it_was() -> None:
    curve = kaplan_meier(np.array([4.0, 4.0]), np.zeros(2, bool))
    assert (curve.time.tolist(), curve.share.tolist(), curve.at_risk.tolist()) == ([0.0], [1.0], [2])
    assert median_time(curve) == math.inf
    assert restricted_mean(curve, 4.0) == 4.0
    assert log_rank(np.array([4.0]), np.array([False]), np.array([3.0]), np.array([False])) == 1.0


@given(
    st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1, max_size=9),
    st.lists(st.integers(0, 3), min_size=9, max_size=9),
)
def test_resampled_curves_are_those_of_the_runs_written_out(runs: list[tuple[int, bool]], counts: list[int]) -> None:
    times, seen = np.array([float(time) for time, _ in runs]), np.array([one for _, one in runs])
    number = np.array(counts[: len(runs)])
    if not number.any():
        return
    drawn = np.repeat(np.arange(len(runs)), number)
    curve = kaplan_meier(times[drawn], seen[drawn])
    found = resampled_curves(times, seen, number[None].astype(float))
    for until in (1.0, 3.5, 9.0):
        assert found.restricted_means(until)[0] == pytest.approx(restricted_mean(curve, until))
    assert found.medians()[0] == median_time(curve)


@given(st.lists(st.tuples(st.integers(1, 6), st.booleans(), st.booleans()), min_size=2, max_size=12))
def test_log_rank_scores_sum_to_observed_less_expected(runs: list[tuple[int, bool, bool]]) -> None:
    times, seen, ours = (np.array(column) for column in zip(*runs, strict=True))
    excess = 0.0
    for at in np.unique(times[seen]):
        risk, events = times >= at, (times == at) & seen
        excess += np.sum(events & ours) - np.sum(events) * np.sum(risk & ours) / np.sum(risk)
    found = log_rank_scores(times.astype(float), seen)
    assert found[ours].sum() == pytest.approx(excess, abs=1e-9)
    assert found.sum() == pytest.approx(0.0, abs=1e-9)
