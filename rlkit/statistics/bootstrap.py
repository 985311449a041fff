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
_VARIED = 4
"""Degrees of freedom from which on resamples take enough values for percentiles so far out."""
_GREATEST = math.log(1e300)
Statistic = Callable[[Numbers], Numbers]


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
    statistic: Statistic,
    *,
    of_task: Statistic | None = None,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """The interval of a statistic of all scores taken together, or of what those of each task come to.

    Args:
        tasks: the scores of each task, (n_t,) each.
        statistic: of the last axis: (…, n) to (…), n the scores of all tasks, or the tasks.
        of_task: what is taken of each task's scores first, (…, n_t) to (…).
        confidence: the share of such intervals that hold the true value.
        resamples: how often the runs are drawn anew.
        seed: of the draws: the same scores always have the same interval.
    """

    def whole(parts: Sequence[Numbers]) -> Numbers:
        if of_task is None:
            return statistic(np.concatenate(parts, axis=-1))
        return statistic(np.stack([of_task(part) for part in parts], axis=-1))

    shrunk = statistic is not interquartile_mean or len(tasks) > 1  # of several tasks it varies as means do
    few, degrees = min(map(len, tasks)), sum(len(scores) - 1 for scores in tasks)
    drawn = whole(resampled(tasks, resamples, seed))
    return interval(float(whole(tasks)), drawn, few, confidence, shrunk=shrunk, degrees=degrees)


def resampled(tasks: Sequence[Numbers], resamples: int = RESAMPLES, seed: int = 0) -> list[Numbers]:
    """Runs drawn anew, with replacement, within each task: (resamples, n_t) each."""
    rng = np.random.default_rng(seed)
    return [scores[rng.integers(0, len(scores), (resamples, len(scores)))] for scores in tasks]


def multiplicities(drawn: npt.NDArray[np.int64], runs: int) -> Numbers:
    """How often each run is in each resample: (resamples, n) indices of `runs` runs to (resamples, runs)."""
    places = drawn + runs * np.arange(len(drawn))[:, None]
    return np.bincount(places.ravel(), minlength=len(drawn) * runs).reshape(len(drawn), runs).astype(np.float64)


def interval(
    estimate: float,
    drawn: Numbers,
    runs: int,
    confidence: float = CONFIDENCE,
    *,
    shrunk: bool = True,
    degrees: int | None = None,
) -> Interval:
    """From percentiles of a statistic's resamples, widened for few runs.

    Hesterberg (2015), "What teachers should know about the bootstrap": percentile intervals of n values are too narrow
    by what separates the normal distribution from Student's with n − 1 degrees of freedom and by √(n / (n − 1)); taking
    percentiles further out makes up for it. Resamples of fewer than five runs do not reach out so far: Student's
    interval it is then, by their standard deviation. A single run has no interval: both ends are the estimate. An end
    is infinite where that many resamples are: the median time of runs of which nearly half never got there.

    Args:
        estimate: of the scores themselves.
        drawn: the statistic of each resample.
        runs: n, of the smallest sample that was drawn from.
        confidence: the share of such intervals that hold the true value.
        shrunk: whether resamples lie too close together by √((n − 1) / n), as those of means do. Interquartile means
            vary with what is left out as well, and need no such factor (`benchmarks/interval_coverage.py`).
        degrees: of freedom of Student's distribution: n − 1, or what the runs of several tasks have together.
    """
    known = drawn[~np.isnan(drawn)]
    if runs < 2 or not len(known) or _constant(known):
        return Interval(estimate, estimate, estimate)
    degrees = degrees or runs - 1
    reach = student_quantile(0.5 + confidence / 2, degrees)
    reach *= math.sqrt(runs / (runs - 1)) if shrunk else 1.0
    tail = NormalDist().cdf(-reach)
    if not np.isfinite(known).all():  # nothing lies between a number and the infinite
        ends = np.quantile(known, tail, method="lower"), np.quantile(known, 1.0 - tail, method="higher")
        return Interval(estimate, float(ends[0]), float(ends[1]))
    if degrees < _VARIED:
        beside = reach * float(np.std(known))
        return Interval(estimate, estimate - beside, estimate + beside)
    low, high = np.quantile(known, (tail, 1.0 - tail))
    return Interval(estimate, float(low), float(high))


def positive_interval(
    estimate: float, drawn: Numbers, runs: int, confidence: float = CONFIDENCE, *, shrunk: bool = True
) -> Interval:
    """The same of a time or a ratio, by its logarithm: percentiles are the same ones, and no end is negative."""
    if not estimate > 0 or not np.all(drawn > 0) or _constant(drawn):
        return interval(estimate, drawn, runs, confidence, shrunk=shrunk)
    found = interval(math.log(estimate), np.log(drawn), runs, confidence, shrunk=shrunk)
    # Rounded, as logarithms there and back add digits that mean nothing.
    return Interval(estimate, *(float(f"{math.exp(end):.12g}") if end < _GREATEST else math.inf for end in found[1:]))


def _constant(drawn: Numbers) -> bool:
    """Whether resamples differ by nothing but rounding."""
    least, greatest = float(np.min(drawn)), float(np.max(drawn))
    return math.isfinite(greatest) and greatest - least <= 1e-12 * max(abs(least), abs(greatest))
