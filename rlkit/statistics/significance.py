"""Whether a difference may be chance: permutation tests, and their correction for many comparisons."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
PERMUTATIONS = 9_999


def permutation_test(ours: Sequence[Numbers], theirs: Sequence[Numbers], permutations: int = PERMUTATIONS) -> float:
    """The p-value of the mean difference being chance, two-sided; stratified by task.

    Exact at every level whatever the scores' distribution (Ernst, 2004): labels are drawn anew within each task, and
    the one that was seen counts among them. On one task, with no more ways to share them out than would be drawn, every
    one is looked at.

    Args:
        ours: the scores of each task, (n_t,).
        theirs: of the same tasks, (m_t,).
        permutations: how many are drawn.
    """
    if len(ours) == 1 and math.comb(len(ours[0]) + len(theirs[0]), len(ours[0])) <= permutations:
        return _every_way(ours[0], theirs[0])
    rng = np.random.default_rng(0)
    seen, drawn = 0.0, np.zeros(permutations)
    for one, other in zip(ours, theirs, strict=True):
        both = np.concatenate([one, other])
        both = both - both.mean()  # sums of small numbers lose less
        scale = float(np.std(both)) or 1.0  # tasks count alike
        seen += float(both[: len(one)].mean() - both[len(one) :].mean()) / scale
        mixed = rng.permuted(np.broadcast_to(both, (permutations, len(both))), axis=1)
        drawn += (mixed[:, : len(one)].mean(axis=1) - mixed[:, len(one) :].mean(axis=1)) / scale
    return _share(seen, drawn)


def _every_way(one: Numbers, other: Numbers) -> float:
    both, count = np.concatenate([one, other]), len(one)
    both = both - both.mean()
    chosen = np.array(list(itertools.combinations(range(len(both)), count)))
    # All sum to 0, so that the sum of some tells the difference of means.
    scale = float(np.std(both)) or 1.0
    return float(np.mean(_as_far(float(both[:count].sum()) / scale, both[chosen].sum(axis=1) / scale)))


def sign_flip_test(differences: Sequence[Numbers], permutations: int = PERMUTATIONS) -> float:
    """The p-value of paired differences being centred at 0, two-sided: signs are drawn anew (Fisher, 1935).

    On one task, with no more ways to set them than would be drawn, every one is looked at.

    Args:
        differences: of each task, (n_t,), a pair each.
        permutations: how many are drawn.
    """
    rng = np.random.default_rng(0)
    seen, drawn = 0.0, np.zeros(permutations)
    for difference in differences:
        scale = float(np.sqrt(np.mean(difference**2))) or 1.0
        seen += float(np.mean(difference)) / scale
        if len(differences) == 1 and 2 ** len(difference) <= permutations:
            flipped = np.array(list(itertools.product((0.0, 1.0), repeat=len(difference))))
            every = (np.mean(difference) - 2.0 * (flipped @ difference) / len(difference)) / scale
            return float(np.mean(_as_far(seen, every)))
        flipped = rng.integers(0, 2, (permutations, len(difference)), np.uint8).astype(np.float64)
        drawn += (np.mean(difference) - 2.0 * (flipped @ difference) / len(difference)) / scale
    return _share(seen, drawn)


def _share(seen: float, drawn: Numbers) -> float:
    return (1 + int(_as_far(seen, drawn).sum())) / (1 + len(drawn))


def _as_far(seen: float, drawn: Numbers) -> npt.NDArray[np.bool_]:
    """Which differences, in units of the scores' spread, are as great; equal ones differ by how they were summed."""
    far: npt.NDArray[np.bool_] = ~(np.abs(drawn) < abs(seen) - 1e-9)  # so NaN counts
    return far


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values, in the order given: below a level they keep all comparisons together to it (Holm, 1979)."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, least = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = least
    return adjusted


def runs_to_tell(effect: float, error: float, runs: int, *, level: float = 0.05, power: float = 0.8) -> int | None:
    """How many runs of each would tell a difference of this size, if it is real; None for no difference at all.

    By the normal approximation: n such that the effect is z(1 − level/2) + z(power) standard errors, which shrink with
    √n. An estimate from an estimate: the true difference may be smaller than the one that was seen.

    Args:
        effect: that was seen.
        error: its standard error.
        runs: of each, that it was seen with.
        level: of the test, two-sided.
        power: the share of such studies that would tell.
    """
    if not effect or not math.isfinite(effect) or not math.isfinite(error) or error <= 0:
        return None
    normal = NormalDist()
    needed = (normal.inv_cdf(1 - level / 2) + normal.inv_cdf(power)) * error / abs(effect)
    return max(fewest_runs(level), math.ceil(runs * needed * needed))


def runs_by_p(p: float, runs: int, *, level: float = 0.05, power: float = 0.8) -> int:
    """How many runs of each would tell what these gave a p-value of, if it is real; see `runs_to_tell`.

    Args:
        p: two-sided, above 0.
        runs: of each.
        level: of the test.
        power: the share of such studies that would tell.
    """
    normal = NormalDist()
    seen = normal.inv_cdf(1 - min(p, 0.999) / 2)
    needed = (normal.inv_cdf(1 - level / 2) + normal.inv_cdf(power)) / seen
    return max(fewest_runs(level), math.ceil(runs * needed * needed))


def fewest_runs(level: float) -> int:
    """The fewest runs of each with which a permutation test can tell anything at all.

    Of the C(2n, n) ways to share out the labels of twice n runs, the two furthest apart count as the difference seen:
    no p-value is below 2 / C(2n, n).

    Args:
        level: of the test, two-sided, above 0.
    """
    return next(runs for runs in itertools.count(2) if 2 / math.comb(2 * runs, runs) <= level)
