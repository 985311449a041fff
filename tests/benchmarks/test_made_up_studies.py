"""The benchmarks of the statistics: their made-up studies are what they say, and errors would be noticed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
MODULES = ("synthetic_scores", "interval_coverage", "false_verdicts", "report")


@pytest.fixture(autouse=True)
def beside_the_benchmarks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield
    for module in MODULES:
        sys.modules.pop(module, None)


def test_a_variant_that_is_better_is_so_by_some_20_per_cent() -> None:
    from synthetic_scores import BUDGET, DISTRIBUTIONS, TIME

    for kind in DISTRIBUTIONS:
        means = []
        for gain in (0, 1):
            values = kind.draw(np.random.default_rng(0), 20_000, gain)
            means.append(np.minimum(values, BUDGET).mean() if kind.measure is TIME else values.mean())
        ratio = means[0] / means[1] if kind.measure is TIME else means[1] / means[0]
        assert 1.08 < ratio < 1.27, kind.words


def test_coverage_is_counted_of_all_four_intervals() -> None:
    from interval_coverage import coverage, holds, truth
    from synthetic_scores import DISTRIBUTIONS

    from rlkit.statistics.bootstrap import Interval

    assert holds(Interval(1, 0, 2), 2)
    assert not holds(Interval(1, 0, 2), 2.1)
    middle, effect, won, mean = truth(DISTRIBUTIONS[0])
    assert (middle, mean, effect) == (
        pytest.approx(300, abs=0.5),
        pytest.approx(300, abs=0.5),
        pytest.approx(60, abs=0.5),
    )
    assert won == pytest.approx(0.760, abs=0.002)  # of normals one deviation apart: Φ(1 / √2)
    found = coverage(DISTRIBUTIONS[0], 10, 20)
    assert np.all((found >= 70) & (found <= 100))


def test_only_pairs_of_equals_count_as_wrong() -> None:
    from false_verdicts import look, study, wrong
    from synthetic_scores import DISTRIBUTIONS

    normal, rng = DISTRIBUTIONS[0], np.random.default_rng(0)
    assert not any(wrong(normal, rng, (0, 100), 10) for _ in range(5))
    found = [wrong(normal, rng, (0, 0, 100), 10) for _ in range(100)]
    assert sum(found) <= 12
    assert look(normal, *study(normal, rng, (0, 100), 30), 1) == 1  # five and five alone are never so rare


def test_coverage_over_tasks_and_far_apart_is_counted() -> None:
    from interval_coverage import far_apart, of_tasks, together

    known = of_tasks([np.array([0.0, 2.0, 4.0]), np.array([2.0])])  # halved, as bounds of 0 and 2 have it
    assert (known["mean"], known["median"], known["optimality_gap"]) == (1.0, 1.0, pytest.approx(1 / 6))
    assert 80 <= far_apart(0.9, 10, 100) <= 100
    assert np.all(together("normal", 3, 5, 40) >= 75)


def test_a_second_look_is_a_second_chance_to_be_wrong() -> None:
    from false_verdicts import wrong_when_looked_at_again
    from synthetic_scores import DISTRIBUTIONS

    rng = np.random.default_rng(0)
    found = [wrong_when_looked_at_again(DISTRIBUTIONS[0], rng) for _ in range(100)]
    assert 1 <= sum(found) <= 20
