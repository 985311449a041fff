"""Scores of made-up studies, whose true values are known, for the benchmarks of the statistics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.comparing.measures import Measure
from rlkit.comparing.scores import Scores

Numbers = npt.NDArray[np.float64]
TIME = Measure("time", "step", 1.0, 50)
FINAL = Measure("final", "step", None, 50)
BUDGET = 400.0
MANY = 1_000_000
"""Scores that stand for the distribution itself."""


@dataclass(frozen=True)
class Distribution:
    """How scores of a variant come about; `gain` 0 is the base, 1 a variant that is better."""

    words: str
    measure: Measure
    draw: Callable[[np.random.Generator, int, float], Numbers]
    lost: bool = False
    """Whether runs have budgets of their own, so that some are lost before the others' end."""


def _normal(rng: np.random.Generator, runs: int, gain: float) -> Numbers:
    return rng.normal(300 + 60 * gain, 60, runs)


def _stuck(rng: np.random.Generator, runs: int, gain: float) -> Numbers:
    return np.where(rng.random(runs) < 0.2, 20.0, rng.normal(300 + 60 * gain, 40, runs))


def _capped(rng: np.random.Generator, runs: int, gain: float) -> Numbers:
    return np.minimum(500, rng.normal(430 + 86 * gain, 80, runs))


def _whole(rng: np.random.Generator, runs: int, gain: float) -> Numbers:
    return rng.binomial(3, 0.5 + 0.1 * gain, runs).astype(np.float64)


def _exponential(rng: np.random.Generator, runs: int, gain: float) -> Numbers:
    return 20 + rng.exponential(100 * 0.8**gain, runs)


def _skewed(rng: np.random.Generator, runs: int, gain: float) -> Numbers:
    return rng.lognormal(5 + np.log(0.8) * gain, 0.4, runs)


def _never(rng: np.random.Generator, runs: int, gain: float) -> Numbers:
    return np.where(rng.random(runs) < 0.2, np.inf, rng.lognormal(5 + np.log(0.8) * gain, 0.3, runs))


DISTRIBUTIONS = (
    Distribution("normal returns", FINAL, _normal),
    Distribution("returns, one run in five stuck", FINAL, _stuck),
    Distribution("returns that the task caps", FINAL, _capped),
    Distribution("whole returns 0 to 3, many ties", FINAL, _whole),
    Distribution("exponential times", TIME, _exponential),
    Distribution("log-normal times", TIME, _skewed),
    Distribution("times, one run in five never", TIME, _never),
    Distribution("log-normal times, runs lost on the way", TIME, _skewed, lost=True),
)


def scores(kind: Distribution, rng: np.random.Generator, name: str, runs: int, gain: float, first: int = 0) -> Scores:
    """The scores of one variant, with seeds from `first` on."""
    values = kind.draw(rng, runs, gain)
    seen = np.ones(runs, bool)
    if kind.measure is TIME:
        end = rng.uniform(100, 2 * BUDGET, runs) if kind.lost else np.full(runs, BUDGET)
        values, seen = np.minimum(values, end), values <= end
    seeds: Any = tuple(SimpleNamespace(seed=first + index) for index in range(runs))
    return Scores(name, "task", seeds, (), values, seen)


def true_scores(kind: Distribution, gain: float) -> Numbers:
    """(MANY,) sorted; times as far as the budget."""
    values = np.sort(kind.draw(np.random.default_rng(9), MANY, gain))
    return np.minimum(values, BUDGET) if kind.measure is TIME else values
