"""How likely one is better than the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from rlkit.statistics.bootstrap import Interval
from rlkit.statistics.student import student_quantile

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def won(ours: Numbers, theirs: Numbers) -> Numbers:
    """1 where our score is the greater, ½ where they are equal, else 0: (n,) and (m,) to (n, m)."""
    difference = ours[:, None] - theirs
    return np.asarray((difference > 0) + 0.5 * (difference == 0))


def sooner(ours: Numbers, theirs: Numbers, our_seen: Flags, their_seen: Flags) -> Numbers:
    """1 where we saw the event sooner, ½ where that is not known, else 0: (n,) and (m,) to (n, m).

    Gehan (1965): one that was watched for longer than the other took has lost to it, whenever its own event may come;
    of one that was given up before that, nothing is known.

    Args:
        ours: (n,) when the event was seen, or until when there was none.
        theirs: (m,).
        our_seen: (n,) whether it was; the others are censored.
        their_seen: (m,).
    """
    one, other, seen = ours[:, None], our_seen[:, None], their_seen[None]
    first = other & ((one < theirs) | ((one == theirs) & ~seen))
    last = seen & ((theirs < one) | ((one == theirs) & ~other))
    return np.asarray(0.5 + 0.5 * first - 0.5 * last)


def probability_of_improvement(ours: Numbers, theirs: Numbers) -> float:
    """The share of pairs in which our score is the greater, ties counting half, of (n,) and (m,).

    Agarwal et al. (2021), after Mann and Whitney (1947). Over several tasks it is the mean of the tasks'.
    """
    return float(won(ours, theirs).mean())


def improvement_interval(share: float, runs: int, confidence: float = 0.95) -> Interval:
    """Of a probability of improvement on one task; resamples would tell nothing where one always wins.

    Newcombe (2006, part 2, method 5): the standard error of Hanley and McNeil (1982), their numbers of runs less 1
    replaced by one for both, is that of the true value, for which it is solved as Wilson (1927) does for a share.

    Args:
        share: of the pairs, ties counting half.
        runs: of each of the two; of the one that has fewer, which errs to the safe side.
        confidence: the share of such intervals that hold the true value.
    """
    reach = NormalDist().inv_cdf(0.5 + confidence / 2)
    return Interval(share, _end(share, 0.0, runs, reach), _end(share, 1.0, runs, reach))


def _end(share: float, outside: float, runs: int, reach: float) -> float:
    """Between the share and what lies outside, the value that is `reach` of its own standard errors away."""
    inside = share
    for _ in range(60):
        middle = (inside + outside) / 2
        pairs = 1 + (runs - 1) * ((1 - middle) / (2 - middle) + middle / (1 + middle))
        error = math.sqrt(middle * (1 - middle) * pairs) / runs
        inside, outside = (middle, outside) if abs(share - middle) <= reach * error else (inside, middle)
    return (inside + outside) / 2


def mean_improvement_interval(tasks: Sequence[Numbers], confidence: float = 0.95) -> Interval:
    """Of the mean of several tasks' probabilities of improvement, from the pairs (n_t, m_t) of each (see `won`).

    The standard error is that of DeLong et al. (1988), from how often each run wins, tasks taken for independent; its
    degrees of freedom are Welch and Satterthwaite's. It stands for that of a share of as many runs as would have it,
    whose interval is Wilson's (1927), with Student's quantile. Where a run of one always wins, the runs of either are
    what is counted.
    """
    count = len(tasks)
    share = math.fsum(float(pairs.mean()) for pairs in tasks) / count
    variances = [
        (float(by_run.var(ddof=1)) / len(by_run) / count**2, len(by_run) - 1)
        for pairs in tasks
        for by_run in (pairs.mean(axis=0), pairs.mean(axis=1))
        if len(by_run) > 1
    ]
    variance = math.fsum(one for one, _ in variances)
    if share * (1 - share) > 0 and variance > 0:
        degrees = variance**2 / math.fsum(one**2 / free for one, free in variances)
        runs, reach = share * (1 - share) / variance, student_quantile(0.5 + confidence / 2, max(1, int(degrees)))
    else:
        runs = math.fsum(sum(pairs.shape) for pairs in tasks) / 2
        reach = NormalDist().inv_cdf(0.5 + confidence / 2)
    low, high = _wilson(np.array([share]), runs, reach)
    return Interval(share, float(low[0]), float(high[0]))


def places(pairs: Numbers) -> Numbers:
    """By how much each run wins among all of them, (n,), from (n, n) pairs of all with all; they sum to 0.

    The mean over one variant's runs less that over the other's is twice the probability of improvement, less 1.
    """
    return np.asarray(2 * pairs.mean(axis=1) - 1)


def performance_profile(scores: Numbers, at: Numbers) -> Numbers:
    """The share of scores above each of some values: (…, n) and (p,) to (…, p).

    Dolan and Moré (2002), as Agarwal et al. (2021) use them.
    """
    return np.asarray(np.mean(scores[..., None, :] > at[:, None], axis=-1))


def share_interval(share: Numbers, runs: int, confidence: float = 0.95) -> tuple[Numbers, Numbers]:
    """Lower and upper ends of shares of so many runs, each by itself: (p,) to (p,) twice (Wilson, 1927)."""
    return _wilson(share, runs, NormalDist().inv_cdf(0.5 + confidence / 2))


def _wilson(share: Numbers, runs: float, reach: float) -> tuple[Numbers, Numbers]:
    squared = reach * reach / runs
    middle = (share + squared / 2) / (1 + squared)
    beside = np.sqrt(squared * (share * (1 - share) + squared / 4)) / (1 + squared)
    return np.maximum(middle - beside, 0.0), np.minimum(middle + beside, 1.0)
