"""Intervals by the stratified bootstrap: runs are drawn anew within each task."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.statistics.student import student_quantile

Numbers = npt.NDArray[np.float64]
RESAMPLES = 2_000
CONFIDENCE = 0.95


class Interval(NamedTuple):
    """An estimate, and what it may be taken to lie between."""

    estimate: float
    low: float
    high: float


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
    return interval(estimate, statistic(drawn), min(map(len, tasks)), confidence)


def resampled(tasks: Sequence[Numbers], resamples: int = RESAMPLES, seed: int = 0) -> list[Numbers]:
    """Runs drawn anew, with replacement, within each task: (resamples, n_t) each."""
    rng = np.random.default_rng(seed)
    return [scores[rng.integers(0, len(scores), (resamples, len(scores)))] for scores in tasks]


def interval(estimate: float, drawn: Numbers, runs: int, confidence: float = CONFIDENCE) -> Interval:
    """From percentiles of a statistic's resamples, widened for few runs.

    Hesterberg (2015), "What teachers should know about the bootstrap": percentile intervals of n values are too narrow
    by what separates the normal distribution from Student's with n − 1 degrees of freedom and by √(n / (n − 1)); taking
    percentiles further out makes up for it. A single run has no interval: both ends are the estimate.

    Args:
        estimate: of the scores themselves.
        drawn: the statistic of each resample.
        runs: n, of the smallest sample that was drawn from.
        confidence: the share of such intervals that hold the true value.
    """
    known = drawn[np.isfinite(drawn)]
    if runs < 2 or not len(known):
        return Interval(estimate, estimate, estimate)
    reach = math.sqrt(runs / (runs - 1)) * student_quantile(0.5 + confidence / 2, runs - 1)
    tail = NormalDist().cdf(-reach)
    low, high = np.quantile(known, (tail, 1.0 - tail))
    return Interval(estimate, float(low), float(high))
