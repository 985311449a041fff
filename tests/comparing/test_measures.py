"""What a run is judged by, worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlkit.comparing.errors import ComparisonError
from rlkit.comparing.measures import area, budget_of, final, measure_for, reaches, smoothed
from tests.comparing.made import run

STOP = {"name": "mean_return", "threshold": 1.5, "window": 2}


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.integers(1, 12))
def test_a_smoothed_return_is_the_mean_of_the_last_ones(returns: list[float], window: int) -> None:
    expected = [np.mean(returns[max(0, k + 1 - window) : k + 1]) for k in range(len(returns))]
    assert smoothed(np.array(returns), window) == pytest.approx(expected, abs=1e-9)


def test_the_threshold_is_reached_when_the_mean_is_above_it_and_not_at_it() -> None:
    assert reaches(run(), "step", 1.5, 2) == (40, True)  # means 0, 0.5, 1.5, 2.5
    assert reaches(run(), "step", 1.4, 2) == (30, True)
    assert reaches(run(), "episode", 1.4, 2) == (3, True)
    assert reaches(run(), "seconds", 1.4, 2) == (1.5, True)


def test_an_episode_that_was_open_at_the_end_was_watched_too() -> None:
    unsolved = run(steps=55, seconds=0.5)
    assert reaches(unsolved, "step", 9.0, 2) == (55, False)
    assert reaches(unsolved, "episode", 9.0, 2) == (4, False)
    timed = run(returns=[0.0] * 4)
    timed.manifest["seconds"] = {"training": 2.75}  # type: ignore[index]
    assert reaches(timed, "seconds", 9.0, 2) == (2.75, False)


def test_the_end_of_a_run_is_the_last_tenth_of_its_axis() -> None:
    long = run(returns=np.arange(20.0))
    assert final(long) == 18.5
    assert final(long, "episode") == 18.5
    assert final(run(returns=np.arange(20.0), steps=1000)) == 19.0  # none ended so late
    # Episodes that get longer: the last tenth of the steps is the last episode, of the episodes it is two.
    grown = run(returns=np.arange(20.0))
    grown.episodes.step[:] = np.cumsum(2 ** np.arange(20))
    assert (final(grown), final(grown, "episode")) == (19.0, 18.5)
    assert math.isnan(final(run(returns=())))


def test_the_area_holds_each_mean_until_the_next_and_the_last_to_the_budget() -> None:
    assert area(run(), "step", 1, 40.0) == pytest.approx((0 + 0 + 1 + 2) / 4)
    assert area(run(), "step", 1, 60.0) == pytest.approx((0 + 0 + 1 + 2 + 3 + 3) / 6)
    assert area(run(), "step", 1, 25.0) == pytest.approx((0 * 20 + 1 * 5) / 25)
    assert area(run(), "step", 1, 0.0) == 0.0
    assert area(run(returns=[7.0]), "episode", 5, 3.0) == 7.0


def test_the_budget_is_what_all_runs_went_but_those_that_had_solved_their_task() -> None:
    assert budget_of([run(steps=40), run(steps=70), run(solved=True)], "step") == 40
    assert budget_of([run(steps=90), run(steps=15, returns=[0.0], solved=True)], "step") == 90
    assert budget_of([run(solved=True), run(steps=90, solved=True)], "step") == 90


@pytest.mark.parametrize(
    ("given_", "stops", "expected"),
    [
        ((None, None, None), (STOP, STOP), ("time", 1.5, 2)),
        ((None, None, None), (STOP, {**STOP, "threshold": 2}), ("final", None, 50)),
        ((None, None, None), (STOP, None), ("final", None, 50)),
        ((None, None, None), ({**STOP, "threshold": 99}, {**STOP, "threshold": 99}), ("final", 99, 2)),
        ((None, 99.0, None), (None, None), ("time", 99, 50)),  # who names a threshold asks for the time to it
        (("area", None, 3), (STOP, STOP), ("area", 1.5, 3)),
        (("final", None, None), (None, None), ("final", None, 50)),
        ((None, None, None), ({**STOP, "threshold": "high"}, None), ("final", None, 50)),
    ],
)
def test_the_measure_is_what_was_asked_for_or_what_the_runs_have_in_common(
    given_: Any, stops: Any, expected: tuple[str, float | None, int]
) -> None:
    runs = [run(seed, stop=[stop] if stop else []) for seed, stop in enumerate(stops)]
    name, threshold, window = given_
    found = measure_for(runs, name, "step", threshold, window)
    assert (found.name, found.threshold, found.window) == expected


def test_a_time_needs_a_threshold() -> None:
    with pytest.raises(ComparisonError, match="say which return: --threshold 195"):
        measure_for([run()], "time", "step", None, None)
