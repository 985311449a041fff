from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from rlkit.statistics.aggregates import mean, median
from rlkit.statistics.bootstrap import Interval, interval, positive_interval, resampled, stratified_interval
from rlkit.statistics.student import student_cdf, student_quantile


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 9, 10, 29, 30, 199])
def test_students_distribution_is_scipys(degrees: int) -> None:
    for share in (0.5, 0.6, 0.9, 0.975, 0.9995):
        assert student_quantile(share, degrees) == pytest.approx(stats.t.ppf(share, degrees), rel=1e-9)
        assert student_quantile(1 - share, degrees) == pytest.approx(stats.t.ppf(1 - share, degrees), rel=1e-9)
    assert student_cdf(1.3, degrees) == pytest.approx(stats.t.cdf(1.3, degrees), rel=1e-12)


@pytest.mark.parametrize("count", [10, 30])
def test_an_interval_of_a_mean_of_normal_scores_is_nearly_students(count: int) -> None:
    scores = stats.norm.ppf((np.arange(count) + 0.5) / count)
    found = stratified_interval([scores], mean, resamples=20_000)
    reach = stats.t.ppf(0.975, count - 1) * stats.sem(scores)
    assert (found.low, found.high) == (pytest.approx(-reach, rel=0.06), pytest.approx(reach, rel=0.06))


def test_an_interval_of_an_interquartile_mean_is_narrower_by_the_factor_that_it_does_not_need() -> None:
    drawn = stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    reach = stats.t.ppf(0.975, 9)
    assert interval(0.0, drawn, 10, shrunk=False).high == pytest.approx(reach, rel=0.01)
    assert interval(0.0, drawn, 10).high == pytest.approx(reach * np.sqrt(10 / 9), rel=0.01)


def test_runs_are_drawn_within_their_task() -> None:
    low, high = resampled([np.array([1.0, 2.0]), np.array([10.0, 20.0, 30.0])], 200)
    assert low.shape == (200, 2)
    assert high.shape == (200, 3)
    assert set(np.unique(low)) == {1.0, 2.0}
    assert set(np.unique(high)) == {10.0, 20.0, 30.0}


def test_the_same_scores_have_the_same_interval() -> None:
    scores = [np.array([3.0, 1.0, 4.0, 1.0, 5.0])]
    assert stratified_interval(scores, mean) == stratified_interval(scores, mean)
    assert stratified_interval(scores, mean) != stratified_interval(scores, mean, seed=1)


def test_one_run_has_no_interval() -> None:
    assert stratified_interval([np.array([7.0])], mean) == Interval(7.0, 7.0, 7.0)


def test_an_end_is_infinite_where_that_many_resamples_are_and_null_in_json() -> None:
    drawn = np.concatenate([np.arange(1_900.0), np.full(100, np.inf)])
    found = interval(950.0, drawn, 30)
    assert math.isinf(found.high)
    assert found.told() == {"estimate": 950.0, "low": found.low, "high": None}
    assert 0 < found.low < 60
    assert math.isfinite(interval(950.0, np.arange(2_000.0), 30).high)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_so_few_runs_have_students_interval(count: int) -> None:
    scores = np.random.default_rng(count).normal(size=count)
    found = stratified_interval([scores], mean, resamples=50_000)
    reach = stats.t.ppf(0.975, count - 1) * stats.sem(scores)
    assert found.high - scores.mean() == pytest.approx(reach, rel=0.02)
    assert scores.mean() - found.low == pytest.approx(reach, rel=0.02)


def test_intervals_of_times_and_ratios_have_no_negative_end() -> None:
    drawn = np.random.default_rng(0).lognormal(0, 1, 2_000)
    few, many = positive_interval(1.0, drawn, 2), positive_interval(1.0, drawn, 30)
    assert few.low > 0
    assert few.high > many.high
    plain = interval(1.0, drawn, 30)
    assert (many.low, many.high) == (pytest.approx(plain.low, rel=0.01), pytest.approx(plain.high, rel=0.01))
    endless = np.append(drawn, np.full(200, np.inf))
    assert positive_interval(1.0, endless, 30).high == math.inf
    assert positive_interval(0.0, np.zeros(9), 30) == Interval(0.0, 0.0, 0.0)


def test_runs_of_several_tasks_have_their_degrees_of_freedom_together() -> None:
    rng = np.random.default_rng(0)
    tasks = [rng.normal(task, 1, 3) for task in range(40)]
    found = stratified_interval(tasks, mean, of_task=mean, resamples=4_000)
    error = np.sqrt(sum(np.var(scores, ddof=1) / 3 for scores in tasks)) / 40
    assert (found.high - found.low) / 2 == pytest.approx(stats.t.ppf(0.975, 80) * error, rel=0.06)


def test_tasks_count_alike_however_many_runs_they_have() -> None:
    tasks = [np.array([0.0, 0.0, 0.0]), np.array([1.0] * 9), np.array([5.0])]
    assert stratified_interval(tasks, mean, of_task=mean).estimate == pytest.approx(2.0)
    assert stratified_interval(tasks, median, of_task=mean).estimate == 1.0


def test_scores_that_are_all_alike_have_an_interval_of_that_very_number() -> None:
    assert positive_interval(6000.0, np.full(2000, 6000.0), 4) == (6000.0, 6000.0, 6000.0)
    assert interval(0.1, np.full((2000, 3), 0.1).mean(axis=1), 3) == (0.1, 0.1, 0.1)
