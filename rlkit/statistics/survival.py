"""Times to an event that some never saw: Kaplan and Meier's curve, its median, restricted means, the log-rank test."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class SurvivalCurve(NamedTuple):
    """The share that has not seen the event yet, after each time at which one did."""

    time: Numbers
    """(p,) increasing, beginning at 0."""
    share: Numbers
    """(p,)"""
    low: Numbers
    high: Numbers
    at_risk: npt.NDArray[np.int64]
    """(p,) how many were still watched just before."""


def kaplan_meier(times: Numbers, seen: Flags, confidence: float = 0.95) -> SurvivalCurve:
    """Kaplan and Meier (1958), with intervals by the log-log transformation of Greenwood's variance.

    Args:
        times: (n,) when the event was seen, or until when there was none.
        seen: (n,) whether it was; the others are censored.
        confidence: of the intervals, which hold at each time by itself.
    """
    at = np.unique(times[seen])
    risk = np.array([np.sum(times >= t) for t in at], np.int64)
    events = np.array([np.sum((times == t) & seen) for t in at], np.int64)
    share = np.cumprod(1.0 - events / risk) if len(at) else np.empty(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (risk * (risk - events)))
        spread = NormalDist().inv_cdf(0.5 + confidence / 2) * np.sqrt(greenwood) / np.abs(np.log(share))
        low, high = share ** np.exp(spread), share ** np.exp(-spread)
    gone, one = share <= 0.0, np.ones(1)
    low = np.where(gone, 0.0, low)
    high = np.where(gone, np.concatenate([one, high])[: len(high)], high)  # where all have, as high as just before
    return SurvivalCurve(
        np.concatenate([np.zeros(1), at]),
        np.concatenate([one, share]),
        np.concatenate([one, low]),
        np.concatenate([one, high]),
        np.concatenate([np.array([len(times)]), risk]),
    )


def median_time(curve: SurvivalCurve) -> float:
    """The first time by which at least half have seen the event; infinite if they never did."""
    reached = curve.time[curve.share <= 0.5 + 1e-12]
    return float(reached[0]) if len(reached) else math.inf


def restricted_mean(curve: SurvivalCurve, until: float) -> float:
    """The mean time to the event, or to `until` where that is sooner: the area below the curve (Irwin, 1949)."""
    edges = np.append(np.minimum(curve.time, until), until)
    return float(np.sum(np.diff(edges) * curve.share))


class Resampled(NamedTuple):
    """The curves of many resamples of the same runs."""

    time: Numbers
    """(p,) at which any of the runs saw the event."""
    share: Numbers
    """(resamples, p) after each."""

    def restricted_means(self, until: float) -> Numbers:
        """See `restricted_mean`: (resamples,)."""
        edges = np.concatenate([np.zeros(1), np.minimum(self.time, until), np.array([until])])
        return np.asarray(np.diff(edges)[0] + self.share @ np.diff(edges)[1:])

    def medians(self) -> Numbers:
        """See `median_time`: (resamples,)."""
        reached = np.pad(self.share <= 0.5 + 1e-12, ((0, 0), (0, 1)), constant_values=True)
        return np.asarray(np.append(self.time, np.inf)[np.argmax(reached, axis=1)])


def resampled_curves(times: Numbers, seen: Flags, counts: Numbers) -> Resampled:
    """Kaplan and Meier's curves of resamples: (resamples, n) of how often each run is in one."""
    at = np.unique(times[seen])
    events, risk = counts @ ((times[:, None] == at) & seen[:, None]), counts @ (times[:, None] >= at)
    return Resampled(at, np.cumprod(1.0 - events / np.maximum(risk, 1.0), axis=1))


def log_rank_scores(times: Numbers, seen: Flags) -> Numbers:
    """How much sooner each saw the event than all of them together would have it, (n,); they sum to 0.

    Peto and Peto (1972): whether it was seen, less the Nelson–Aalen estimate of the cumulative hazard at that time. The
    sum over a group is what the log-rank test calls observed less expected.
    """
    at = np.unique(times[seen])
    hazard = np.array([np.sum((times == t) & seen) / np.sum(times >= t) for t in at])
    passed = np.concatenate([np.zeros(1), np.cumsum(hazard)])[np.searchsorted(at, times, side="right")]
    return np.asarray(seen - passed, np.float64)


def log_rank(times: Numbers, seen: Flags, other_times: Numbers, other_seen: Flags) -> float:
    """The p-value of two groups having the same curve, two-sided (Mantel, 1966), by the normal approximation."""
    at = np.unique(np.concatenate([times[seen], other_times[other_seen]]))
    excess = variance = 0.0
    for t in at:
        ours, theirs = np.sum(times >= t), np.sum(other_times >= t)
        events = np.sum((times == t) & seen)
        total, both = ours + theirs, events + np.sum((other_times == t) & other_seen)
        excess += events - both * ours / total
        if total > 1:
            variance += both * (ours / total) * (theirs / total) * (total - both) / (total - 1)
    return 1.0 if variance <= 0 else math.erfc(abs(excess) / math.sqrt(2.0 * variance))
