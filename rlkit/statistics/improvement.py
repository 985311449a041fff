"""How likely one is better than the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rlkit.statistics.bootstrap import Interval, interval

Numbers = npt.NDArray[np.float64]


def probability_of_improvement(ours: Numbers, theirs: Numbers) -> Numbers:
    """The share of pairs in which our score is the greater, ties counting half: (…, n) and (…, m) to (…).

    Agarwal et al. (2021), after Mann and Whitney (1947). Over several tasks it is the mean of the tasks'.
    """
    difference = ours[..., :, None] - theirs[..., None, :]
    return np.asarray(np.mean((difference > 0) + 0.5 * (difference == 0), axis=(-2, -1)))


def resampled_improvement(ours: Numbers, theirs: Numbers, our_counts: Numbers, their_counts: Numbers) -> Numbers:
    """That of each resample: (n,) and (m,) scores, (resamples, n) and (resamples, m) of how often each is in it."""
    difference = ours[:, None] - theirs
    won = (difference > 0) + 0.5 * (difference == 0)
    return np.asarray(np.sum(our_counts @ won * their_counts, axis=1) / (len(ours) * len(theirs)))


def improvement_interval(
    estimate: float, drawn: Numbers, runs: tuple[int, int], confidence: float, *, paired: bool
) -> Interval:
    """Of a probability of improvement.

    Where one is better in every pair, resamples are so too and tell nothing. Then the other end is the probability
    with which as many independent pairs of runs would all be won in (1 − confidence) / 2 of such studies, as Clopper
    and Pearson (1934) have it.

    Args:
        estimate: of the scores themselves.
        drawn: of each resample.
        runs: how many either has.
        confidence: the share of such intervals that hold the true value.
        paired: whether pairs of runs were drawn, of which there are only so many, or the runs of either by themselves.
    """
    if estimate in (0.0, 1.0):
        least = ((1.0 - confidence) / 2) ** (1.0 / min(runs))
        return Interval(estimate, least, 1.0) if estimate else Interval(estimate, 0.0, 1.0 - least)
    return interval(estimate, drawn, min(runs) if paired else sum(runs) - 1, confidence)


def ranks(scores: Numbers) -> Numbers:
    """Their places from 1, equal scores sharing the mean of theirs: (n,) to (n,)."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[place], np.float64)


def performance_profile(scores: Numbers, at: Numbers) -> Numbers:
    """The share of scores above each of some values: (…, n) and (p,) to (…, p).

    Dolan and Moré (2002), as Agarwal et al. (2021) use them.
    """
    return np.asarray(np.mean(scores[..., None, :] > at[:, None], axis=-1))
