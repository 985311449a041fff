"""Two variants against each other: an effect with its interval, a test, and a plain sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np

from rlkit.comparing.measures import Measure
from rlkit.comparing.p_values import PAIRS, on_scale, p_value, pairs_won, watched
from rlkit.comparing.scores import Scores, mean_times
from rlkit.comparing.verdict import LEVEL, Verdict, mirrored
from rlkit.statistics.bootstrap import RESAMPLES, interval, positive_interval
from rlkit.statistics.improvement import improvement_interval, mean_improvement_interval, places
from rlkit.statistics.significance import PERMUTATIONS, holm, permutation_test, runs_by_p, runs_to_tell


def pair(
    a: Scores,
    b: Scores,
    measure: Measure,
    until: float,
    confidence: float,
    comparisons: int = 1,
    permutations: int = PERMUTATIONS,
) -> Verdict | None:
    """Two variants on one task, one of several comparisons; None where one of them has no scores.

    Which of them is called a decides nothing: chance is drawn for them in one order, that of their scores.
    """
    if not len(a.values) or not len(b.values):
        return None
    if a.values.tolist() > b.values.tolist():
        return mirrored(_pair(b, a, measure, until, confidence, comparisons, permutations))
    return _pair(a, b, measure, until, confidence, comparisons, permutations)


def _pair(
    a: Scores, b: Scores, measure: Measure, until: float, confidence: float, comparisons: int, permutations: int
) -> Verdict:
    shared = [seed for seed in a.seeds if seed in b.seeds]
    paired = len(shared) == len(a.seeds) == len(b.seeds) and len(shared) >= PAIRS
    drawn = _drawn(len(a.values), len(b.values), paired=paired)
    ours, theirs = on_scale(a, measure, until), on_scale(b, measure, until)
    few = min(len(ours), len(theirs))
    if measure.name == "time":
        kind = "ratio"
        means = mean_times(a, until, drawn[0]), mean_times(b, until, drawn[1])
        every = np.arange(len(ours))[None], np.arange(len(theirs))[None]
        whole = float(mean_times(b, until, every[1])[0] / mean_times(a, until, every[0])[0])
        effect = positive_interval(whole, means[1] / means[0], few, confidence)
        error = float(np.std(np.log(means[1] / means[0])))
        size = math.log(whole)
    else:
        kind = "difference"
        gaps = theirs[drawn[1]].mean(axis=1) - ours[drawn[0]].mean(axis=1)
        whole = float(theirs.mean() - ours.mean())
        effect, error, size = interval(whole, gaps, few, confidence), float(np.std(gaps)), whole
    chance = improvement_interval(float(pairs_won(b, a, measure, until).mean()), few, confidence)
    p = p_value(a, b, measure, until, paired=paired, permutations=permutations)
    level = LEVEL / comparisons
    needed = runs_to_tell(size, error, few, level=level)
    if needed is not None and measure.name == "time" and not watched(a, b, until):
        # The interval is of means, where the test is not; the test decides, so its p-value counts too.
        needed = max(needed, runs_by_p(p, few, level=level))
    more = None if needed is None else max(1, needed - few)
    never = [not np.any(one.seen & (one.values <= until)) for one in (a, b)]
    return Verdict(
        a.variant, b.variant, a.task, kind, effect, chance, p, p, (len(ours), len(theirs)), paired, more,
        at_least=kind == "ratio" and any(never) and not all(never),
    )  # fmt: skip


def over_all(
    pairs: Sequence[tuple[Scores, Scores, float]], measure: Measure, confidence: float, comparisons: int = 1
) -> Verdict | None:
    """Two variants over several tasks, by the mean probability that a run of the second is the better one.

    The test is one of how often each run is better than the others of its task: the mean difference is that probability
    less ½ but for a factor.
    """
    pairs = [(a, b, until) for a, b, until in pairs if len(a.values) and len(b.values)]
    if len(pairs) < 2:
        return None
    effect = mean_improvement_interval([pairs_won(b, a, measure, until) for a, b, until in pairs], confidence)
    ours, theirs = [], []
    for a, b, until in pairs:
        ranked = places(np.block([[pairs_won(x, y, measure, until) for y in (a, b)] for x in (a, b)]))
        ours.append(ranked[: len(a.values)])
        theirs.append(ranked[len(a.values) :])
    p = permutation_test(theirs, ours)
    few = min(min(len(a.values), len(b.values)) for a, b, _ in pairs)
    error = (effect.high - effect.low) / 2 / NormalDist().inv_cdf(0.5 + confidence / 2)
    needed = runs_to_tell(effect.estimate - 0.5, error, few, level=LEVEL / comparisons)
    more = None if needed is None else max(1, needed - few)
    a, b, _ = pairs[0]
    counts = sum(map(len, ours)), sum(map(len, theirs))
    return Verdict(a.variant, b.variant, None, "probability", effect, effect, p, p, counts, False, more)


def corrected(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """With p-values that hold for all of them together (Holm, 1979)."""
    adjusted = holm([verdict.p for verdict in verdicts])
    found = [replace(verdict, adjusted_p=p) for verdict, p in zip(verdicts, adjusted, strict=True)]
    return [replace(verdict, more_seeds=None) if verdict.decided else verdict for verdict in found]


def _drawn(ours: int, theirs: int, *, paired: bool) -> tuple[Any, Any]:
    """Indices of resamples of both, (resamples, n) and (resamples, m): the same ones where runs are paired."""
    rng = np.random.default_rng(0)
    one = rng.integers(0, ours, (RESAMPLES, ours))
    return one, one if paired else rng.integers(0, theirs, (RESAMPLES, theirs))
