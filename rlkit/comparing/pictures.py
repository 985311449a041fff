"""The numbers behind pictures: learning curves, performance profiles, survival curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.comparing.measures import AXES, Measure, axis, budget_of, smoothed
from rlkit.comparing.scores import Scores
from rlkit.statistics.aggregates import interquartile_mean
from rlkit.statistics.bootstrap import interval
from rlkit.statistics.improvement import performance_profile, share_interval
from rlkit.statistics.survival import kaplan_meier

Numbers = npt.NDArray[np.float64]
POINTS = 200
"""Of a curve."""
_LEVELS = 100
"""Of a profile."""
_RESAMPLES = 500
"""For each point of a curve."""


def curves(scores: Scores, window: int, confidence: float) -> list[dict[str, Any]]:
    """The interquartile mean over runs of moving averages of returns, by step, episode and seconds.

    A run that ended because it solved its task keeps its last mean. The curve goes as far as all others did; if there
    are none, as far as the last run.
    """
    return [_curve(scores, by, window, confidence) for by in AXES if scores.runs]


def _curve(scores: Scores, by: str, window: int, confidence: float) -> dict[str, Any]:
    begin, end = max(float(axis(run.episodes, by)[0]) for run in scores.runs), budget_of(scores.runs, by)
    points = np.linspace(begin, end, POINTS) if end > begin else np.array([begin])
    levels = np.stack(
        [_held(axis(run.episodes, by), smoothed(run.episodes.returns, window), points) for run in scores.runs]
    )
    drawn = np.random.default_rng(0).integers(0, len(levels), (_RESAMPLES, len(levels)))
    estimate, middles = interquartile_mean(levels.T), interquartile_mean(np.moveaxis(levels[drawn], 1, -1))
    found = [
        interval(float(value), middles[:, place], len(levels), confidence, shrunk=False)
        for place, value in enumerate(estimate)
    ]
    return {
        "variant": scores.variant,
        "task": scores.task,
        "by": by,
        "x": _rounded(points),
        "estimate": _rounded(estimate),
        "low": _rounded(np.array([one.low for one in found])),
        "high": _rounded(np.array([one.high for one in found])),
        "runs": len(levels),
    }


def _held(x: Numbers, y: Numbers, points: Numbers) -> Numbers:
    """The last value at or before each point."""
    return y[np.clip(np.searchsorted(x, points, side="right") - 1, 0, len(y) - 1)]


def profile(scores: Scores, levels: Numbers, confidence: float) -> dict[str, Any]:
    """The share of runs with a score above each level."""
    share = performance_profile(scores.values, levels)
    low, high = share_interval(share, len(scores.values), confidence)
    return {
        "variant": scores.variant,
        "task": scores.task,
        "score": _rounded(levels),
        "share": _rounded(share),
        "low": _rounded(low),
        "high": _rounded(high),
    }


def levels_of(scores: Sequence[Scores]) -> Numbers:
    """The levels of the profiles of one task: from the least score to the greatest."""
    values = np.concatenate([one.values for one in scores if len(one.values)])
    return np.linspace(values.min(), values.max(), _LEVELS) if values.max() > values.min() else values[:1]


def survival(scores: Scores, confidence: float) -> dict[str, Any]:
    """The share of runs that have not reached the threshold yet."""
    curve = kaplan_meier(scores.values, scores.seen, confidence)
    return {
        "variant": scores.variant,
        "task": scores.task,
        "time": _rounded(curve.time),
        "share": _rounded(curve.share),
        "low": _rounded(curve.low),
        "high": _rounded(curve.high),
        "censored": _rounded(np.sort(scores.values[~scores.seen])),
    }


def drawable(measure: Measure) -> tuple[str, ...]:
    """Which pictures a measure has beside the curves."""
    return ("survival",) if measure.name == "time" else ("profiles",)


def _rounded(values: Numbers) -> list[float | None]:
    """Six digits are more than a picture shows, and keep a page small."""
    return [float(f"{value:.6g}") if np.isfinite(value) else None for value in values]
