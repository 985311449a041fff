"""Episodes until solved, of many seeds: a quantity that is censored where a run was not solved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LIMIT = 2000
"""Episodes after which an unsolved run ends; it counts as longer than all that were solved."""
HEAD = (
    *("episodes until solved", "runs", "solved", "least", "lower quartile", "median", "upper quartile", "most"),
    "95 % interval of the median",
)
"""Of a table of rows."""


@dataclass(frozen=True)
class Outcome:
    """One seed's run."""

    seed: int
    episodes: int
    """Until solved, the solving one included; all that were run where it was not solved."""
    solved: bool


def row(name: str, outcomes: Sequence[Outcome]) -> list[str]:
    """A sample's size, quartiles and the interval of its median."""
    counted = values(outcomes)
    low, high = np.quantile(medians(counted), [0.025, 0.975])
    quartiles = [_shown(value) for value in np.quantile(counted, [0, 0.25, 0.5, 0.75, 1])]
    solved = f"{sum(outcome.solved for outcome in outcomes)}"
    return [name, str(len(outcomes)), solved, *quartiles, f"{_shown(low)}–{_shown(high)}"]


def by_seed(outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    """Every run."""
    lines = []
    for name, some in outcomes.items():
        episodes = ", ".join(f"{outcome.episodes}" + ("" if outcome.solved else "+") for outcome in some)
        lines.append(f"- {name}, by seed from {some[0].seed}: {episodes}")
    return "\n".join(["Each run (+ unsolved):", "", *lines])


def values(outcomes: Sequence[Outcome]) -> npt.NDArray[np.float64]:
    """(runs,) episodes until solved, the limit where it was not."""
    return np.array([outcome.episodes if outcome.solved else LIMIT for outcome in outcomes], np.float64)


def medians(counted: npt.NDArray[np.float64], stream: int = 0) -> npt.NDArray[np.float64]:
    """(10,000,) medians of bootstrap samples, the same on every call."""
    drawn = np.random.default_rng(stream).choice(counted, (10_000, counted.size))
    return np.asarray(np.median(drawn, axis=1), np.float64)


def ratio_of_medians(ours: Sequence[Outcome], others: Sequence[Outcome]) -> tuple[float, float, float]:
    """Of two independent samples: the ratio, and the ends of its 95 % interval, percentiles of bootstrap samples."""
    mine, theirs = values(ours), values(others)
    low, high = np.quantile(medians(mine) / medians(theirs, 1), [0.025, 0.975])
    return float(np.median(mine) / np.median(theirs)), float(low), float(high)


def longer_by_chance(ours: Sequence[Outcome], others: Sequence[Outcome]) -> tuple[float, float]:
    """Mann–Whitney's two-sided p, and the probability that of one run each ours is the longer.

    Ranks bear the censoring, as both samples are censored at the same length. Needs scipy.
    """
    from scipy.stats import mannwhitneyu

    mine, theirs = values(ours), values(others)
    test = mannwhitneyu(mine, theirs, alternative="two-sided", method="asymptotic")
    return float(test.pvalue), float(test.statistic) / (mine.size * theirs.size)


def _shown(value: float) -> str:
    return f"{value:.0f}" if value < LIMIT else f"≥ {LIMIT}"
