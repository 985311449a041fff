"""Two variants against each other: an effect with its interval, a test, and a plain sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.comparing.measures import Measure
from rlkit.comparing.scores import Scores, mean_times, restricted
from rlkit.statistics.bootstrap import RESAMPLES, Interval, interval, positive_interval
from rlkit.statistics.improvement import improvement_interval, mean_improvement_interval, places, sooner, won
from rlkit.statistics.significance import (
    PERMUTATIONS,
    holm,
    permutation_test,
    runs_by_p,
    runs_to_tell,
    sign_flip_test,
)
from rlkit.statistics.survival import log_rank_scores

Numbers = npt.NDArray[np.float64]
LEVEL = 0.05
"""Of all false verdicts of a comparison together."""
PAIRS = 10
"""Pairs from which on signs are flipped. With n pairs no p-value is below 2 / 2ⁿ, too much for many comparisons if n is
small. Labels of as many runs can be drawn in more ways; where runs of a seed are alike, that errs to the safe side.
"""
MANY = 10_000
"""More runs than this are not told as a number."""


@dataclass(frozen=True)
class Verdict:
    """What may be said of two variants, on one task or over all."""

    a: str
    b: str
    task: str | None
    kind: str
    """Of the effect: `ratio` of b's mean time to a's, `difference` b − a, `probability` that b is better."""
    effect: Interval
    improvement: Interval
    """The probability that a run of b is better than one of a."""
    p: float
    adjusted_p: float
    seeds: tuple[int, int]
    paired: bool
    more_seeds: int | None
    """How many more of each would tell a difference of this size; None where it is told, or there is none."""
    in_looks: bool = False
    """Seeds came until the question was answered. What one look has told no later one takes back, whatever the interval
    of all seeds, which does not know of looks."""
    at_least: bool = False
    """Of times: the later of the two never got there, so that the ratio may be any greater one."""

    @property
    def decided(self) -> bool:
        """Whether the difference is told from chance, all comparisons taken together, and the interval agrees.

        A single run has no interval that could.
        """
        return self.adjusted_p <= LEVEL and min(self.seeds) > 1 and (self.in_looks or not self.within)

    @property
    def within(self) -> bool:
        """Whether the interval holds the effect of no difference."""
        return self.effect.low <= self._none <= self.effect.high

    @property
    def better(self) -> str | None:
        """Which is better; None where that is not decided."""
        if not self.decided:
            return None
        return self.b if (self.effect.estimate > self._none) == (self.effect_better == "higher") else self.a

    @property
    def _none(self) -> float:
        """The effect of no difference."""
        return {"ratio": 1.0, "difference": 0.0, "probability": 0.5}[self.kind]

    @property
    def effect_better(self) -> str:
        """Whether b is the better one where the effect is lower or higher."""
        return "lower" if self.kind == "ratio" else "higher"


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
        return _mirrored(_pair(b, a, measure, until, confidence, comparisons, permutations))
    return _pair(a, b, measure, until, confidence, comparisons, permutations)


def _mirrored(verdict: Verdict) -> Verdict:
    """The same of b and a."""
    effect, chance = verdict.effect, verdict.improvement
    if verdict.kind == "ratio":
        effect = Interval(*(1.0 / one if one else math.inf for one in (effect.estimate, effect.high, effect.low)))
    else:
        effect = Interval(-effect.estimate, -effect.high, -effect.low)
    return replace(
        verdict,
        a=verdict.b,
        b=verdict.a,
        effect=effect,
        improvement=Interval(1.0 - chance.estimate, 1.0 - chance.high, 1.0 - chance.low),
        seeds=verdict.seeds[::-1],
    )


def _pair(
    a: Scores, b: Scores, measure: Measure, until: float, confidence: float, comparisons: int, permutations: int
) -> Verdict:
    shared = [seed for seed in a.seeds if seed in b.seeds]
    paired = len(shared) == len(a.seeds) == len(b.seeds)
    drawn = _drawn(len(a.values), len(b.values), paired=paired)
    ours, theirs = _scale(a, measure, until), _scale(b, measure, until)
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
    lost = measure.name == "time" and not _watched(a, b, until)
    if needed is not None and (lost or (paired and few < PAIRS)):
        # The interval is of pairs, or of means, where the test is not; the test decides, so its p-value counts too.
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


def pairs_won(ours: Scores, theirs: Scores, measure: Measure, until: float) -> Numbers:
    """(n, m) whether each of our runs is better than each of theirs: 1, 0, or ½ where they tie or nobody knows."""
    if measure.name != "time":
        return won(ours.values, theirs.values)
    known = [one.seen & (one.values <= until) for one in (ours, theirs)]
    return sooner(restricted(ours, until), restricted(theirs, until), *known)


def corrected(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """With p-values that hold for all of them together (Holm, 1979)."""
    adjusted = holm([verdict.p for verdict in verdicts])
    found = [replace(verdict, adjusted_p=p) for verdict, p in zip(verdicts, adjusted, strict=True)]
    return [replace(verdict, more_seeds=None) if verdict.decided else verdict for verdict in found]


def _scale(scores: Scores, measure: Measure, until: float) -> Numbers:
    return restricted(scores, until) if measure.name == "time" else scores.values


def _drawn(ours: int, theirs: int, *, paired: bool) -> tuple[Any, Any]:
    """Indices of resamples of both, (resamples, n) and (resamples, m): the same ones where runs are paired."""
    rng = np.random.default_rng(0)
    one = rng.integers(0, ours, (RESAMPLES, ours))
    return one, one if paired else rng.integers(0, theirs, (RESAMPLES, theirs))


def p_value(
    a: Scores, b: Scores, measure: Measure, until: float, *, paired: bool, permutations: int = PERMUTATIONS
) -> float:
    """How often chance alone would set two variants so far apart on a task, one comparison taken for itself.

    Times are compared by their restricted means as long as every run was watched until the horizon; where some were
    lost before, by log-rank scores. Labels are drawn anew, or signs where at least `PAIRS` runs have partners.
    """
    ours, theirs = _scale(a, measure, until), _scale(b, measure, until)
    if measure.name == "time" and not _watched(a, b, until):
        excess = log_rank_scores(np.concatenate([b.values, a.values]), np.concatenate([b.seen, a.seen]))
        return permutation_test([excess[: len(theirs)]], [excess[len(theirs) :]], permutations)
    if paired and len(ours) >= PAIRS:
        return min(1.0, sign_flip_test([theirs - ours], permutations))
    return permutation_test([theirs], [ours], permutations)


def _watched(a: Scores, b: Scores, until: float) -> bool:
    """Whether every run was watched until it got there, or until the horizon."""
    return all(bool(np.all(one.seen | (one.values >= until))) for one in (a, b))


def told(verdict: Verdict, sentence: str) -> dict[str, Any]:
    """For the document."""
    effect: Mapping[str, Any] = verdict.effect.told()
    return {
        "sentence": sentence,
        "a": verdict.a,
        "b": verdict.b,
        "task": verdict.task,
        "decided": verdict.decided,
        "better": verdict.better,
        "effect": {"kind": verdict.kind, **effect},
        "probability_of_improvement": verdict.improvement.told(),
        "p": verdict.p,
        "adjusted_p": verdict.adjusted_p,
        "seeds": list(verdict.seeds),
        "paired": verdict.paired,
        "more_seeds": verdict.more_seeds,
    }
