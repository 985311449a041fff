"""The scores of a variant on a task, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.comparing.compared_run import ComparedRun
from rlkit.comparing.measures import Measure, Reached, area, budget_of, final, reaches
from rlkit.statistics.aggregates import interquartile_mean, mean, median, optimality_gap
from rlkit.statistics.bootstrap import RESAMPLES, Interval, multiplicities, positive_interval, stratified_interval
from rlkit.statistics.survival import kaplan_meier, median_time, resampled_curves, restricted_mean

Numbers = npt.NDArray[np.float64]
Statistic = Callable[[Numbers], Numbers]


@dataclass(frozen=True, eq=False)
class Scores:
    """Of the runs of one variant on one task, in the order of their seeds."""

    variant: str
    task: str
    runs: tuple[ComparedRun, ...]
    """That finished."""
    left_out: tuple[ComparedRun, ...]
    """That did not."""
    values: Numbers
    """(n,) the greater the better or the lower, as the measure says; a time until when it was watched."""
    seen: npt.NDArray[np.bool_]
    """(n,) whether a time is one at which the threshold was reached; all true for other measures."""

    @property
    def seeds(self) -> list[int]:
        """In the order of the runs."""
        return [run.seed for run in self.runs]


def scores_of(runs: Sequence[ComparedRun], variant: str, task: str, measure: Measure, budget: float) -> Scores:
    """The scores of the runs of a variant on a task."""
    mine = sorted((run for run in runs if (run.variant, run.task) == (variant, task)), key=lambda run: run.seed)
    finished = [run for run in mine if run.status == "finished" and _known(run)]
    left_out = [run for run in mine if run not in finished]
    if measure.name == "time":
        assert measure.threshold is not None
        found = [reaches(run, measure.by, measure.threshold, measure.window) for run in finished]
    elif measure.name == "final":
        found = [Reached(final(run, measure.by), True) for run in finished]
    else:
        found = [Reached(area(run, measure.by, measure.window, budget), True) for run in finished]
    values = np.array([one.at for one in found], np.float64)
    return Scores(variant, task, tuple(finished), tuple(left_out), values, np.array([one.seen for one in found], bool))


def _known(run: ComparedRun) -> bool:
    return len(run.episodes.step) > 0 and bool(np.isfinite(run.episodes.returns).all())


def budget(runs: Sequence[ComparedRun], task: str, measure: Measure) -> float:
    """Up to where areas are measured on a task."""
    return budget_of([run for run in runs if run.task == task and run.status == "finished"] or runs, measure.by)


def horizon(scores: Sequence[Scores]) -> float:
    """Up to where times on a task are compared: as far as every variant was watched, if some runs never got there."""
    ends = [float(one.values.max()) for one in scores if len(one.values) and not one.seen[_last(one)]]
    known = [float(one.values.max()) for one in scores if len(one.values)]
    return min(ends) if ends else max(known, default=0.0)


def _last(scores: Scores) -> int:
    """The run that was watched longest; of several, one that never got there."""
    return int(np.lexsort((~scores.seen, scores.values))[-1])


def restricted(scores: Scores, until: float) -> Numbers:
    """(n,) times, no longer than the horizon: a run that never got there counts as that long."""
    return np.minimum(scores.values, until)


def mean_times(scores: Scores, until: float, drawn: npt.NDArray[np.int64]) -> Numbers:
    """The restricted mean of each resample of the runs: (resamples, n) indices to (resamples,)."""
    if np.all(scores.seen | (scores.values >= until)):  # nobody was lost on the way: it is a mean
        return np.asarray(restricted(scores, until)[drawn].mean(axis=1))
    curves = resampled_curves(scores.values, scores.seen, multiplicities(drawn, len(scores.values)))
    return curves.restricted_means(until)


def aggregates(
    scores: Scores,
    measure: Measure,
    until: float,
    confidence: float,
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> dict[str, Interval | None]:
    """What the scores of one task come to; with bounds also how far they fall short of the upper one."""
    if not len(scores.values):
        return {}
    if measure.name != "time":
        told = {"interquartile_mean": interquartile_mean, "mean": mean, "median": median}
        found: dict[str, Interval | None] = {
            name: stratified_interval([scores.values], statistic, confidence=confidence)
            for name, statistic in told.items()
        }
        if bounds:
            gap = stratified_interval([normalised(scores, bounds)], optimality_gap, confidence=confidence)
            found["optimality_gap"] = gap
        return found
    count = len(scores.values)
    drawn = np.random.default_rng(0).integers(0, count, (RESAMPLES, count))
    curve = kaplan_meier(scores.values, scores.seen)
    restricted = positive_interval(restricted_mean(curve, until), mean_times(scores, until, drawn), count, confidence)
    return {
        # No mean of times up to the horizon lies beyond it.
        "restricted_mean": restricted._replace(high=min(restricted.high, until)),
        "median": _median(scores, drawn, confidence),
        "interquartile_mean": _middle(scores, drawn, confidence),
    }


def _median(scores: Scores, drawn: npt.NDArray[np.int64], confidence: float) -> Interval | None:
    """None where fewer than half got there."""
    estimate = median_time(kaplan_meier(scores.values, scores.seen))
    if not np.isfinite(estimate):
        return None
    curves = resampled_curves(scores.values, scores.seen, multiplicities(drawn, len(scores.values)))
    return positive_interval(estimate, curves.medians(), len(scores.values), confidence)


def _middle(scores: Scores, drawn: npt.NDArray[np.int64], confidence: float) -> Interval | None:
    """The mean of the middle half of the times; None where that is not known.

    Runs that never got there count as longer than all that did, and are among the quarter that is left out. So it is
    not known where more than a quarter never got there, or one was lost before the others of the middle half had.
    """
    times = np.where(scores.seen, scores.values, np.inf)
    if not np.isfinite(interquartile_mean(times)):
        return None
    kept = np.sort(times)[len(times) - len(times) // 4 - 1]
    if np.any(~scores.seen & (scores.values < kept)):  # it was lost too soon to say that it took longer
        return None
    middles = interquartile_mean(times[drawn])
    return positive_interval(float(interquartile_mean(times)), middles, len(times), confidence, shrunk=False)


def normalised(scores: Scores, bounds: Mapping[str, tuple[float, float]]) -> Numbers:
    """(n,) scores with a task's low at 0 and its high at 1."""
    low, high = bounds[scores.task]
    return (scores.values - low) / (high - low)


def over_tasks(
    scores: Sequence[Scores], bounds: Mapping[str, tuple[float, float]], confidence: float
) -> dict[str, Interval | None]:
    """What the normalised scores of all tasks come to together, as Agarwal et al. (2021) have it.

    Mean, median and optimality gap are of what each task comes to by its mean (gap), so tasks count alike. The
    interquartile mean is of all runs. Nothing for a variant that lacks a task: what it has of some is no mean over all.

    Args:
        scores: of a variant, one a task.
        bounds: of every task.
        confidence: of the intervals.
    """
    tasks = [normalised(one, bounds) for one in scores if len(one.values)]
    if not tasks or len(tasks) < len(bounds):
        return {}
    told: dict[str, tuple[Statistic, Statistic | None]] = {
        "interquartile_mean": (interquartile_mean, None),
        "mean": (mean, mean),
        "median": (median, mean),
        "optimality_gap": (mean, optimality_gap),
    }
    return {
        name: stratified_interval(tasks, statistic, of_task=of_task, confidence=confidence)
        for name, (statistic, of_task) in told.items()
    }


def told(found: Mapping[str, Interval | None]) -> dict[str, Any]:
    """For the document."""
    return {name: None if one is None else one.told() for name, one in found.items()}
