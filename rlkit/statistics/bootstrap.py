"""Intervals by the stratified bootstrap: runs are drawn anew within each task."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.statistics.aggregates import interquartile_mean
from rlkit.statistics.student import student_quantile

Numbers = npt.NDArray[np.float64]
RESAMPLES = 2_000
CONFIDENCE = 0.95


class Interval(NamedTuple):
    """An estimate, and what it may be taken to lie between."""

    estimate: float
    low: float
    high: float

    def told(self) -> dict[str, float | None]:
        """For JSON: what is not finite is null."""
        return {name: value if math.isfinite(value) else None for name, value in self._asdict().items()}


def stratified_interval(
    tasks: Sequence[Numbers],
    statistic: Callable[[Numbers], Numbers],
    *,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """The interval of a statistic of all scores taken together.

    Args:
        tasks: the scores of each task, (n_t,) each.
        statistic: of the last axis: (…, n) to (…), n the scores of all tasks.
        confidence: the share of such intervals that hold the true value.
        resamples: how often the runs are drawn anew.
        seed: of the draws: the same scores always have the same interval.
    """
    drawn = np.concatenate(resampled(tasks, resamples, seed), axis=-1)
    estimate = float(statistic(np.concatenate(tasks)))
    shrunk = statistic is not interquartile_mean
    return interval(estimate, statistic(drawn), min(map(len, tasks)), confidence, shrunk=shrunk)


def resampled(tasks: Sequence[Numbers], resamples: int = RESAMPLES, seed: int = 0) -> list[Numbers]:
    """Runs drawn anew, with replacement, within each task: (resamples, n_t) each."""
    rng = np.random.default_rng(seed)
    return [scores[rng.integers(0, len(scores), (resamples, len(scores)))] for scores in tasks]


def multiplicities(drawn: npt.NDArray[np.int64], runs: int) -> Numbers:
    """How often each run is in each resample: (resamples, n) indices of `runs` runs to (resamples, runs)."""
    places = drawn + runs * np.arange(len(drawn))[:, None]
    return np.bincount(places.ravel(), minlength=len(drawn) * runs).reshape(len(drawn), runs).astype(np.float64)


def interval(
    estimate: float, drawn: Numbers, runs: int, confidence: float = CONFIDENCE, *, shrunk: bool = True
) -> Interval:
    """From percentiles of a statistic's resamples, widened for few runs.

    Hesterberg (2015), "What teachers should know about the bootstrap": percentile intervals of n values are too narrow
    by what separates the normal distribution from Student's with n − 1 degrees of freedom and by √(n / (n − 1)); taking
    percentiles further out makes up for it. A single run has no interval: both ends are the estimate. An end is
    infinite where that many resamples are: the median time of runs of which nearly half never got there.

    Args:
        estimate: of the scores themselves.
        drawn: the statistic of each resample.
        runs: n, of the smallest sample that was drawn from.
        confidence: the share of such intervals that hold the true value.
        shrunk: whether resamples lie too close together by √((n − 1) / n), as those of means do. Interquartile means
            vary with what is left out as well, and need no such factor (`benchmarks/interval_coverage.py`).
    """
    known = drawn[~np.isnan(drawn)]
    if runs < 2 or not len(known):
        return Interval(estimate, estimate, estimate)
    reach = student_quantile(0.5 + confidence / 2, runs - 1) * (math.sqrt(runs / (runs - 1)) if shrunk else 1.0)
    tail = NormalDist().cdf(-reach)
    if np.isfinite(known).all():
        low, high = np.quantile(known, (tail, 1.0 - tail))
    else:  # nothing lies between a number and the infinite
        low, high = np.quantile(known, tail, method="lower"), np.quantile(known, 1.0 - tail, method="higher")
    return Interval(estimate, float(low), float(high))
