"""Do the intervals of `rlkit compare` hold the true value as often as they say?

`python benchmarks/interval_coverage.py` makes up studies of two variants whose distributions are known, and counts the
intervals that hold what is true: of the interquartile mean and the mean of one variant, and of what verdicts tell, the
effect (a difference of means, or a ratio of mean times up to the budget) and the probability of improvement.
"""

from __future__ import annotations

import argparse

import numpy as np
from report import add_report_arguments, parse, progress, provenance, publish, table
from synthetic_scores import BUDGET, DISTRIBUTIONS, MANY, TIME, Distribution, Numbers, scores, true_scores

from rlkit.comparing.verdicts import pair
from rlkit.statistics.aggregates import interquartile_mean, mean
from rlkit.statistics.bootstrap import Interval, stratified_interval

RUNS = (10, 30)
CONFIDENCE = 0.95
HEAD = ("scores", "runs each", "interquartile mean", "effect", "probability of improvement", "mean")
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
            asked += [share for share in found[:3] if not np.isnan(share)]
            progress(" ".join(rows[-1]))
    within = sum(LEAST <= share <= MOST for share in asked)
    text = (
        f"{table(HEAD, rows)}\n\n{within} of the {len(asked)} shares of interquartile means, effects and probabilities "
        f"are within {LEAST:.0f} to {MOST:.0f} %; {min(asked):.1f} to {max(asked):.1f} % in all, by {studies:,} "
        f"made-up studies a row (standard error {100 * np.sqrt(0.95 * 0.05 / studies):.1f} %).\n\n{provenance()}"
    )
    publish("interval coverage", text, arguments.write)


if __name__ == "__main__":
    main()
