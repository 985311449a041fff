"""Two variants against each other: an effect with its interval, a test, and a plain sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.comparing.measures import Measure
from rlkit.comparing.scores import Scores, mean_times, restricted
from rlkit.statistics.bootstrap import RESAMPLES, Interval, interval
from rlkit.statistics.improvement import probability_of_improvement
from rlkit.statistics.significance import holm, permutation_test, runs_to_tell, sign_flip_test
from rlkit.statistics.survival import log_rank

Numbers = npt.NDArray[np.float64]
LEVEL = 0.05
"""Of all false verdicts of a comparison together."""
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

    @property
    def decided(self) -> bool:
        """Whether the difference is told from chance, all comparisons taken together."""
        return self.adjusted_p <= LEVEL

    @property
    def better(self) -> str | None:
        """Which is better; None where that is not decided."""
        if not self.decided:
            return None
        neutral = {"ratio": 1.0, "difference": 0.0, "probability": 0.5}[self.kind]
        b_leads = self.effect.estimate < neutral if self.kind == "ratio" else self.effect.estimate > neutral
        return self.b if b_leads else self.a


def pair(a: Scores, b: Scores, measure: Measure, until: float, confidence: float) -> Verdict | None:
    """Two variants on one task; None where one of them has no scores."""
    if not len(a.values) or not len(b.values):
        return None
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
        effect = interval(whole, means[1] / means[0], few, confidence)
        error = float(np.std(np.log(means[1] / means[0])))
        size = math.log(whole)
    else:
        kind = "difference"
        gaps = theirs[drawn[1]].mean(axis=1) - ours[drawn[0]].mean(axis=1)
        whole = float(theirs.mean() - ours.mean())
        effect, error, size = interval(whole, gaps, few, confidence), float(np.std(gaps)), whole
    better = (-ours, -theirs) if measure.better == "lower" else (ours, theirs)
    chances = probability_of_improvement(better[1][drawn[1]], better[0][drawn[0]])
    chance = interval(float(probability_of_improvement(better[1], better[0])), chances, few, confidence)
    p = _p_value(a, b, ours, theirs, until, measure, paired=paired)
    needed = runs_to_tell(size, error, few)
    more = None if needed is None else max(1, needed - few)
    return Verdict(a.variant, b.variant, a.task, kind, effect, chance, p, p, (len(ours), len(theirs)), paired, more)


def over_all(pairs: Sequence[tuple[Scores, Scores, float]], measure: Measure, confidence: float) -> Verdict | None:
    """Two variants over several tasks, by the mean probability that a run of the second is the better one."""
    pairs = [(a, b, until) for a, b, until in pairs if len(a.values) and len(b.values)]
    if len(pairs) < 2:
        return None
    paired = all(a.seeds == b.seeds for a, b, _ in pairs)
    sign = -1.0 if measure.better == "lower" else 1.0
    ours = [sign * _scale(a, measure, until) for a, _, until in pairs]
    theirs = [sign * _scale(b, measure, until) for _, b, until in pairs]
    chances = np.zeros(RESAMPLES)
    for task, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        drawn = _drawn(len(one), len(other), paired=paired, seed=task)
        chances += probability_of_improvement(other[drawn[1]], one[drawn[0]]) / len(pairs)
    estimate = float(np.mean([probability_of_improvement(y, x) for x, y in zip(ours, theirs, strict=True)]))
    few = min(min(len(x), len(y)) for x, y in zip(ours, theirs, strict=True))
    effect = interval(estimate, chances, few, confidence)
    p = permutation_test(theirs, ours)
    needed = runs_to_tell(estimate - 0.5, float(np.std(chances)), few)
    more = None if needed is None else max(1, needed - few)
    a, b, _ = pairs[0]
    counts = sum(map(len, ours)), sum(map(len, theirs))
    return Verdict(a.variant, b.variant, None, "probability", effect, effect, p, p, counts, paired, more)


def corrected(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """With p-values that hold for all of them together (Holm, 1979)."""
    adjusted = holm([verdict.p for verdict in verdicts])
    found = [replace(verdict, adjusted_p=p) for verdict, p in zip(verdicts, adjusted, strict=True)]
    return [replace(verdict, more_seeds=None) if verdict.decided else verdict for verdict in found]


def _scale(scores: Scores, measure: Measure, until: float) -> Numbers:
    return restricted(scores, until) if measure.name == "time" else scores.values


def _drawn(ours: int, theirs: int, *, paired: bool, seed: int = 0) -> tuple[Any, Any]:
    """Indices of resamples of both, (resamples, n) and (resamples, m): the same ones where runs are paired."""
    rng = np.random.default_rng(seed)
    one = rng.integers(0, ours, (RESAMPLES, ours))
    return one, one if paired else rng.integers(0, theirs, (RESAMPLES, theirs))


def _p_value(
    a: Scores, b: Scores, ours: Numbers, theirs: Numbers, until: float, measure: Measure, *, paired: bool
) -> float:
    if measure.name == "time" and not all(np.all(one.seen | (one.values >= until)) for one in (a, b)):
        return log_rank(a.values, a.seen, b.values, b.seen)  # some were lost before the others' end
    if paired and len(ours) >= 6:  # with fewer pairs no signs are rare enough to be told from chance
        return min(1.0, sign_flip_test([theirs - ours]))
    return permutation_test([theirs], [ours])


def told(verdict: Verdict, sentence: str) -> dict[str, Any]:
    """For the document."""
    effect: Mapping[str, Any] = verdict.effect._asdict()
    return {
        "sentence": sentence,
        "a": verdict.a,
        "b": verdict.b,
        "task": verdict.task,
        "decided": verdict.decided,
        "better": verdict.better,
        "effect": {"kind": verdict.kind, **effect},
        "probability_of_improvement": verdict.improvement._asdict(),
        "p": verdict.p,
        "adjusted_p": verdict.adjusted_p,
        "seeds": list(verdict.seeds),
        "paired": verdict.paired,
        "more_seeds": verdict.more_seeds,
    }
