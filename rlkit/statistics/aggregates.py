"""One number for many scores: mean, median, interquartile mean, optimality gap."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


def mean(scores: Numbers) -> Numbers:
    """Over the last axis: (…, n) to (…)."""
    return np.asarray(np.mean(scores, axis=-1))


def median(scores: Numbers) -> Numbers:
    """Over the last axis: (…, n) to (…)."""
    return np.asarray(np.median(scores, axis=-1))


def interquartile_mean(scores: Numbers) -> Numbers:
    """The mean of the middle half, over the last axis: (…, n) to (…).

    Agarwal et al. (2021), "Deep reinforcement learning at the edge of the statistical precipice": of n scores the
    ⌊n/4⌋ least and the ⌊n/4⌋ greatest are left out, so of three scores or fewer none.
    """
    ordered, cut = np.sort(scores, axis=-1), scores.shape[-1] // 4
    return np.asarray(ordered[..., cut : scores.shape[-1] - cut].mean(axis=-1))


def optimality_gap(scores: Numbers, target: float = 1.0) -> Numbers:
    """How far the scores fall short of a target on average, over the last axis: (…, n) to (…).

    Agarwal et al. (2021): the mean of max(target − score, 0), for scores that are normalised.
    """
    return np.asarray(np.mean(np.maximum(target - scores, 0.0), axis=-1))
