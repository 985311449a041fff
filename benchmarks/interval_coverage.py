"""Do the intervals of `rlkit compare` hold the true value as often as they say?

`python benchmarks/interval_coverage.py` makes up studies of two variants whose distributions are known, and counts the
intervals that hold what is true: of the interquartile mean and the mean of one variant, and of what verdicts tell, the
effect (a difference of means, or a ratio of mean times up to the budget) and the probability of improvement.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from report import add_report_arguments, parse, progress, provenance, publish, table
from synthetic_scores import BUDGET, DISTRIBUTIONS, MANY, TIME, Distribution, Numbers, scores, true_scores

from rlkit.comparing.scores import Scores, over_tasks
from rlkit.comparing.verdicts import pair
from rlkit.statistics.aggregates import interquartile_mean, mean
from rlkit.statistics.bootstrap import Interval, stratified_interval
from rlkit.statistics.improvement import (
    improvement_interval,
    mean_improvement_interval,
    probability_of_improvement,
    won,
)

RUNS = (3, 5, 10, 30)
ASKED = 10
"""Runs from which on shares are to be within the limits."""
CONFIDENCE = 0.95
HEAD = ("scores", "runs each", "interquartile mean", "effect", "probability of improvement", "mean")
HEAD_FAR = ("probability", *(f"{runs} runs each" for runs in RUNS))
SHARES = (0.5, 0.75, 0.9, 0.95, 0.98)
HEAD_TOGETHER = ("scores", "tasks", "runs each", "interquartile mean", "mean", "median", "optimality gap",
                 "probability of improvement")  # fmt: skip
SIZES = ((5, 3), (26, 3), (5, 10), (26, 10))
TOGETHER: dict[str, Callable[[np.random.Generator, int], Numbers]] = {
    "normal": lambda rng, runs: rng.normal(0, 1, runs),
    "log-normal": lambda rng, runs: rng.lognormal(0, 0.5, runs),
}
LEAST, MOST = 93.0, 97.0


def truth(kind: Distribution) -> tuple[float, float, float, float]:
    """Interquartile mean and mean of the base, the effect, and the probability of improvement."""
    base, better = true_scores(kind, 0), true_scores(kind, 1)
    below = np.searchsorted(base, better, "left") + np.searchsorted(base, better, "right")
    won = float(below.mean() / 2 / MANY)
    timed = kind.measure is TIME
    effect = better.mean() / base.mean() if timed else better.mean() - base.mean()
    return float(interquartile_mean(base)), float(effect), 1.0 - won if timed else won, float(base.mean())


def holds(found: Interval, value: float) -> bool:
    return found.low - 1e-9 <= value <= found.high + 1e-9


def coverage(kind: Distribution, runs: int, studies: int) -> Numbers:
    """Of each quantity, the share of intervals that hold it, in per cent; NaN where it is not told."""
    rng, known = np.random.default_rng(runs), truth(kind)
    held = np.zeros((studies, 4))
    for study in range(studies):
        base = scores(kind, rng, "base", runs, 0)
        other = scores(kind, rng, "other", runs, 1, first=runs * (study % 2))  # every other study shares its seeds
        verdict = pair(base, other, kind.measure, BUDGET, CONFIDENCE, permutations=1)
        assert verdict is not None
        values = np.minimum(base.values, BUDGET) if kind.measure is TIME else base.values
        found = (
            stratified_interval([values], interquartile_mean, seed=study),
            verdict.effect,
            verdict.improvement,
            stratified_interval([values], mean, seed=study),
        )
        held[study] = [holds(one, value) for one, value in zip(found, known, strict=True)]
    shares = held.mean(axis=0) * 100
    if kind.lost:  # only the effect allows for what was lost
        shares[[0, 2, 3]] = np.nan
    return np.asarray(shares)


def far_apart(share: float, runs: int, studies: int) -> float:
    """Of the intervals of a probability of improvement of normal scores, the share that hold it, in per cent."""
    rng, distance = np.random.default_rng(runs), NormalDist().inv_cdf(share) * 2**0.5
    pairs = ((rng.normal(distance, 1, runs), rng.normal(0, 1, runs)) for _ in range(studies))
    found = (improvement_interval(probability_of_improvement(*pair), runs, CONFIDENCE) for pair in pairs)
    return 100 * float(np.mean([holds(one, share) for one in found]))


def together(words: str, tasks: int, runs: int, studies: int) -> Numbers:
    """Over several tasks: interquartile mean, mean, median, optimality gap, probability of improvement; in per cent."""
    rng, names = np.random.default_rng(runs), [str(task) for task in range(tasks)]
    bounds, draw = dict.fromkeys(names, (0.0, 2.0)), TOGETHER[words]

    def made(rng: np.random.Generator, runs: int, gain: float = 0.0) -> list[Numbers]:
        return [offset + gain + draw(rng, runs) for offset in np.linspace(0, 2, tasks)]

    def variant(values: list[Numbers]) -> list[Scores]:
        ones = [np.ones(len(one), bool) for one in values]
        return [Scores("", name, (), (), *both) for name, *both in zip(names, values, ones, strict=True)]

    whole = made(np.random.default_rng(9), MANY // 10)
    known = of_tasks(whole)
    ahead = np.sort(whole[0])
    share = float(np.mean(np.searchsorted(ahead, ahead + 0.5)) / len(ahead))
    held = np.zeros((studies, 5))
    for study in range(studies):
        base, other = made(rng, runs), made(rng, runs, 0.5)
        found = over_tasks(variant(base), bounds, CONFIDENCE)
        chance = mean_improvement_interval([won(*pair) for pair in zip(other, base, strict=True)], CONFIDENCE)
        held[study, :4] = [one is not None and holds(one, known[name]) for name, one in found.items()]
        held[study, 4] = holds(chance, share)
    return np.asarray(100 * held.mean(axis=0))


def of_tasks(whole: list[Numbers]) -> dict[str, float]:
    """The true values."""
    halves = [one / 2 for one in whole]
    means = np.array([one.mean() for one in halves])
    gap = np.mean([np.maximum(1 - one, 0).mean() for one in halves])
    true = (interquartile_mean(np.concatenate(halves)), means.mean(), np.median(means), gap)
    names = ("interquartile_mean", "mean", "median", "optimality_gap")
    return {name: float(one) for name, one in zip(names, true, strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=2_000, help="made-up studies a row (default: 2000)")
    add_report_arguments(parser)
    arguments = parse(parser)
    studies = 20 if arguments.quick else arguments.studies
    rows, asked = [], []
    for kind in DISTRIBUTIONS:
        for runs in RUNS:
            found = coverage(kind, runs, studies)
            rows.append([kind.words, str(runs), *("" if np.isnan(share) else f"{share:.1f} %" for share in found)])
            asked += [share for share in found[:3] if runs >= ASKED and not np.isnan(share)]
            progress(" ".join(rows[-1]))
    several = [[words, *map(str, size), *(f"{one:.1f} %" for one in together(words, *size, max(10, studies // 4)))]
               for words in TOGETHER for size in SIZES]  # fmt: skip
    far = [[f"{share:.2f}", *(f"{far_apart(share, runs, studies):.1f} %" for runs in RUNS)] for share in SHARES]
    within = sum(LEAST <= share <= MOST for share in asked)
    text = (
        f"{table(HEAD, rows)}\n\n{within} of the {len(asked)} shares of interquartile means, effects and probabilities "
        f"of {ASKED} runs and more are within {LEAST:.0f} to {MOST:.0f} %; {min(asked):.1f} to {max(asked):.1f} % in "
        f"all, by {studies:,} made-up studies a row (standard error {100 * np.sqrt(0.95 * 0.05 / studies):.1f} %).\n\n"
        f"{table(HEAD_FAR, far)}\n\nThe same of probabilities of improvement of normal scores, up to where one nearly "
        f"always wins.\n\n{table(HEAD_TOGETHER, several)}\n\nThe same over several tasks, whose scores lie apart by as "
        f"much as they spread, by a quarter of the studies.\n\n{provenance()}"
    )
    publish("interval coverage", text, arguments.write)


if __name__ == "__main__":
    main()
