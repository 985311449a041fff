"""How often chance alone would set two variants so far apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rlkit.comparing.measures import Measure
from rlkit.comparing.scores import Scores, restricted
from rlkit.statistics.improvement import sooner, won
from rlkit.statistics.significance import PERMUTATIONS, permutation_test, sign_flip_test
from rlkit.statistics.survival import log_rank_scores

Numbers = npt.NDArray[np.float64]
PAIRS = 10
"""Pairs from which on runs of one seed are compared with each other: in the interval, and by flipped signs.

With n pairs no p-value is below 2 / 2ⁿ, too much for many comparisons if n is small. Labels of as many runs can be
shared out in more ways; where runs of a seed are alike, that errs to the safe side.
"""


def p_value(
    a: Scores, b: Scores, measure: Measure, until: float, *, paired: bool, permutations: int = PERMUTATIONS
) -> float:
    """How often chance alone would set two variants so far apart on a task, one comparison taken for itself.

    Times are compared by their restricted means as long as every run was watched until the horizon; where some were
    lost before, by log-rank scores. Labels are drawn anew; or signs, of pairs.
    """
    ours, theirs = on_scale(a, measure, until), on_scale(b, measure, until)
    if measure.name == "time" and not watched(a, b, until):
        excess = log_rank_scores(np.concatenate([b.values, a.values]), np.concatenate([b.seen, a.seen]))
        return permutation_test([excess[: len(theirs)]], [excess[len(theirs) :]], permutations)
    if paired:
        return min(1.0, sign_flip_test([theirs - ours], permutations))
    return permutation_test([theirs], [ours], permutations)


def watched(a: Scores, b: Scores, until: float) -> bool:
    """Whether every run was watched until it got there, or until the horizon."""
    return all(bool(np.all(one.seen | (one.values >= until))) for one in (a, b))


def pairs_won(ours: Scores, theirs: Scores, measure: Measure, until: float) -> Numbers:
    """(n, m) whether each of our runs is better than each of theirs: 1, 0, or ½ where they tie or nobody knows."""
    if measure.name != "time":
        return won(ours.values, theirs.values)
    known = [one.seen & (one.values <= until) for one in (ours, theirs)]
    return sooner(restricted(ours, until), restricted(theirs, until), *known)


def on_scale(scores: Scores, measure: Measure, until: float) -> Numbers:
    """(n,) the scores; of times those that count no longer than until the horizon."""
    return restricted(scores, until) if measure.name == "time" else scores.values
