"""The statistics of the table of Rainbow's parts."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="module")
def script():
    folder = Path(__file__).parents[2] / "benchmarks"
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        spec = importlib.util.spec_from_file_location("revisiting_rainbow", folder / "revisiting_rainbow.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    sys.modules.pop("report", None)


def test_the_interquartile_mean_leaves_out_a_quarter_at_each_end(script):
    assert script.interquartile_mean(np.array([0.0, 1.0, 3.0, 100.0])) == 2.0
    # Of ten, half of the third and of the eighth count.
    assert script.interquartile_mean(np.arange(10.0) ** 2) == pytest.approx((4 / 2 + 9 + 16 + 25 + 36 + 49 / 2) / 5)


def test_a_score_is_the_mean_of_the_episodes_that_ended_in_the_last_third(script):
    assert script.score(np.array([1.0, 2.0, 4.0, 6.0]), np.array([40, 20, 30, 10])) == 5.0
    assert script.score(np.zeros(0), np.zeros(0, int)) == 0.0


def test_an_interval_holds_the_mean_and_shrinks_with_more_seeds(script):
    rng = np.random.default_rng(1)
    few, many = rng.normal(size=10), rng.normal(size=100)
    for scores in (few, many):
        low, high = script.interval(scores)
        assert low < script.interquartile_mean(scores) < high
    assert np.diff(script.interval(many)) < np.diff(script.interval(few))


def test_every_variant_is_an_experiment_that_fits(script):
    import rlkit

    for variant, parts in script.VARIANTS.items():
        experiment = rlkit.load("experiments/cartpole_dqn_compiled.yaml", script._settings("CartPole", parts, 64, None))
        assert experiment.limits.steps == 30_000, variant
