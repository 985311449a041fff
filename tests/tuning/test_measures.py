"""What a run counts for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import rlkit
from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import Mark
from rlkit.runs.result import Result
from rlkit.tuning.measures import Measure, measure_of
from rlkit.tuning.tuning_file import Goal


def result(returns: list[float], lengths: list[int], *, solved: bool = False) -> Result:
    return Result(
        folder=Path(),
        seed=0,
        status="finished",
        stop_reason="",
        solved=solved,
        episodes=len(returns),
        steps=sum(lengths),
        updates=0,
        steps_per_second=1.0,
        seconds={"training": 12.5},
        returns=np.array(returns, np.float64),
        lengths=np.array(lengths, np.int64),
        terminated=np.ones(len(returns), np.bool_),
        truncated=np.zeros(len(returns), np.bool_),
        evaluation=(),
        loop="compiled",
        backends={},
        warnings=(),
    )


def measure(name: str, by: str = "step", limit: float | None = 100.0) -> Measure:
    return Measure(Goal(name, by, Mark("here")), limit)


@pytest.mark.parametrize(("by", "took"), [("step", 30), ("episode", 2), ("seconds", 12.5)])
def test_time_is_what_it_took_to_solve_and_the_limit_if_it_was_not(by: str, took: float) -> None:
    assert measure("time", by).score(result([1, 2], [10, 20], solved=True)) == took
    assert measure("time", by).score(result([1, 2], [10, 20])) == 100
    assert measure("time", by).score(result([], [])) == 100


def test_final_is_the_mean_over_the_last_tenth_of_the_steps() -> None:
    assert measure("final").score(result([9, 1, 2, 4], [85, 4, 5, 6])) == 3  # those that end after step 90 of 100
    assert measure("final").score(result([9, 1], [1, 99])) == 1
    assert measure("final").score(result([], [])) is None


def test_area_is_the_mean_height_of_the_curve_up_to_the_limit() -> None:
    assert measure("area").score(result([2, 4], [50, 50])) == 3
    assert measure("area").score(result([2, 4], [20, 20])) == pytest.approx(0.2 * 2 + 0.8 * 4)  # counts on
    assert measure("area").score(result([2, 4], [50, 100])) == 3  # what lies beyond the limit does not count
    assert measure("area", "episode", 4).score(result([2, 4], [50, 7])) == pytest.approx((2 + 3 * 4) / 4)


def test_the_limit_is_the_experiments_own() -> None:
    experiment = rlkit.load("cartpole_dqn_compiled", ["limits={episodes: 7, steps_per_episode: 10, seconds: 3}"])
    found = {by: measure_of(Goal("time", by, Mark("x")), experiment, Problems()).limit for by in ("step", "episode")}
    assert found == {"step": 70, "episode": 7}
    assert "counts as its limit, 70" in measure_of(Goal("time", "step", Mark("x")), experiment, Problems()).words
