"""Scores that are times, some of them censored, and what they come to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rlkit.comparing.scores import aggregates, horizon, mean_times, over_tasks, scores_of
from tests.comparing.made import FINAL, TIME, run, scores


def test_times_are_compared_as_far_as_every_variant_was_watched() -> None:
    solved = scores("a", [3, 9])
    stuck = scores("b", [5, 7], [True, False])
    short = scores("c", [2, 6], [True, False])
    assert horizon([solved]) == 9
    assert horizon([solved, stuck]) == 7
    assert horizon([solved, stuck, short]) == 6
    assert horizon([scores("d", [9, 9], [True, False])]) == 9
    assert horizon([scores("e", [4, 9], [False, True])]) == 9  # the curve falls to 0: all of it is known
    assert horizon([scores("f", [])]) == 0.0


def test_means_of_resamples_are_those_of_curves_where_runs_were_lost() -> None:
    lost = scores("a", [2, 4, 6], [True, False, True])
    every = np.array([[0, 1, 2], [0, 0, 2], [1, 1, 1]])
    # 2 solves at once; the curve is ⅔ up to 6, then 0. Without the lost one it is the mean, and with it alone all stay.
    assert mean_times(lost, 6.0, every) == pytest.approx([2 + 4 * 2 / 3, (2 + 2 + 6) / 3, 6.0])
    whole = scores("a", [2, 4, 6], [True, True, False])
    assert mean_times(whole, 5.0, every[:1]) == pytest.approx([(2 + 4 + 5) / 3])


def test_the_interquartile_mean_of_times_is_told_only_where_it_is_known() -> None:
    def middle(values: list[float], seen: list[bool]) -> float | None:
        found = aggregates(scores("a", values, seen), TIME, 100.0, 0.95)["interquartile_mean"]
        return None if found is None else found.estimate

    assert middle([1, 2, 3, 50], [True, True, True, False]) == 2.5
    assert middle([1, 2, 50, 50], [True, True, False, False]) is None
    assert middle([1, 2, 3, 1.5], [True, True, True, False]) is None  # it may have come at 2.5, or never


@pytest.mark.parametrize("count", [1, 2, 5])
def test_runs_that_all_never_got_there_have_a_mean_as_long_as_they_were_watched(count: int) -> None:
    found = aggregates(scores("a", [9.0] * count, False), TIME, 9.0, 0.95)
    mean = found["restricted_mean"]
    assert mean is not None
    assert mean == pytest.approx((9.0, 9.0, 9.0))
    assert found["median"] is None
    assert found["interquartile_mean"] is None


def test_a_mean_of_times_up_to_the_horizon_does_not_lie_beyond_it() -> None:
    found = aggregates(scores("a", [5606.0, 6000.0, 6000.0, 6000.0], [True, False, False, False]), TIME, 6000.0, 0.95)
    mean = found["restricted_mean"]
    assert mean is not None
    assert mean.high == 6000.0
    assert mean.low < mean.estimate


def test_an_interval_may_have_no_upper_end() -> None:
    found = aggregates(scores("a", [1, 2, 3, 4, 5, 9, 9, 9], [True] * 5 + [False] * 3), TIME, 9.0, 0.95)["median"]
    assert found is not None
    assert (found.estimate, found.high) == (4, math.inf)


def test_over_all_tasks_the_median_is_of_the_tasks_means_and_tasks_count_alike() -> None:
    tasks = [scores("a", [0, 100, 200], task="x"), scores("a", [5.0], task="y"), scores("a", [2, 4], task="z")]
    bounds = {"x": (0.0, 100.0), "y": (0.0, 10.0), "z": (0.0, 10.0)}
    found = {name: one.estimate for name, one in over_tasks(tasks, bounds, 0.95).items() if one}
    assert found["mean"] == pytest.approx((1.0 + 0.5 + 0.3) / 3)
    assert found["median"] == pytest.approx(0.5)
    assert found["optimality_gap"] == pytest.approx((1 / 3 + 0.5 + 0.7) / 3)
    assert found["interquartile_mean"] == pytest.approx(np.mean([0.2, 0.4, 0.5, 1.0]))  # of 0 0.2 0.4 0.5 1 2
    assert over_tasks([scores("a", [], task="x")], bounds, 0.95) == {}
    assert over_tasks(tasks[:1], bounds, 0.95) == {}  # of one of two tasks


def test_a_single_tasks_gap_is_of_its_normalised_scores() -> None:
    found = aggregates(scores("a", [0, 50, 200]), FINAL, 0.0, 0.95, {"one": (0.0, 100.0)})
    assert found["optimality_gap"] is not None
    assert found["optimality_gap"].estimate == pytest.approx(0.5)
    assert found["mean"] is not None
    assert found["mean"].estimate == pytest.approx(250 / 3)  # as it was scored
    assert "optimality_gap" not in aggregates(scores("a", [1.0]), FINAL, 0.0, 0.95)


def test_only_what_finished_with_whole_and_finite_episodes_counts() -> None:
    runs = [
        run(4), run(0), run(1, status="failed"), run(2, returns=[]), run(3, returns=[1.0, math.nan]),
        run(5, status="running"), run(6, variant="b"), run(7, task="two"),
    ]  # fmt: skip
    found = scores_of(runs, "a", "one", FINAL, 40.0)
    assert found.seeds == [0, 4]
    assert sorted(one.seed for one in found.left_out) == [1, 2, 3, 5]
