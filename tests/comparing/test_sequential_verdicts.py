"""Verdicts of a study whose seeds came in batches."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rlkit.comparing.looks import Looks
from rlkit.comparing.measures import Measure
from rlkit.comparing.scores import Scores
from rlkit.comparing.sequential import held_together
from rlkit.comparing.verdict import Verdict
from rlkit.comparing.verdicts import over_all, pair
from rlkit.statistics.significance import permutation_test

FINAL = Measure("final", "step", None, 50)
LOOKS = Looks(tuple(range(20)), 5)


def scores(variant: str, values: Any, task: str = "one") -> Scores:
    runs: Any = tuple(SimpleNamespace(seed=seed) for seed in range(len(values)))
    return Scores(variant, task, runs, (), np.asarray(values, float), np.ones(len(values), bool))


def held(*made: tuple[Scores, Scores], tasks: tuple[str, ...] = ("one",)) -> list[Verdict]:
    verdicts = [pair(a, b, FINAL, 0.0, 0.95) for a, b in made]
    if len(tasks) > 1:
        verdicts.append(over_all([(a, b, 0.0) for a, b in made], FINAL, 0.95))
    known = {(one.variant, one.task): one for two in made for one in two}
    return held_together([one for one in verdicts if one], known, tasks, dict.fromkeys(tasks, 0.0), FINAL, LOOKS)


def test_a_difference_needs_more_the_more_looks_and_comparisons_there_are() -> None:
    rng = np.random.default_rng(0)
    a, b = scores("a", rng.normal(0, 1, 10)), scores("b", rng.normal(1.6, 1, 10))
    fixed = permutation_test([b.values], [a.values])
    (alone,) = held((a, b))
    several = held((a, b), (a, scores("c", rng.normal(0, 1, 10))))
    assert fixed < alone.p
    assert several[0].adjusted_p == pytest.approx(2 * alone.adjusted_p)


def test_variants_that_stopped_earlier_are_compared_over_the_batches_that_both_have() -> None:
    rng = np.random.default_rng(1)
    longer = rng.normal(0, 1, 20)
    b = scores("b", rng.normal(4, 1, 10))
    (found,) = held((scores("a", longer), b))
    (same,) = held((scores("a", longer[:10]), b))
    assert found.decided
    assert found.p == same.p


def test_a_task_of_large_scores_does_not_drown_the_others() -> None:
    rng = np.random.default_rng(2)
    noise = rng.normal(0, 1_000, (2, 20))
    small = scores("a", rng.normal(0, 1, 20), "small"), scores("b", rng.normal(3, 1, 20), "small")
    large = scores("a", noise[0], "large"), scores("b", noise[1], "large")
    (found,) = held(small, large, tasks=("small", "large"))
    assert found.task is None
    assert found.decided
