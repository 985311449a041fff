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
    gone = share <= 0.0  # nothing is left to vary
    low, high = np.where(gone, 0.0, low), np.where(gone, 0.0, high)
    one = np.ones(1)
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
