from __future__ import annotations

import re
from typing import Any

import pytest

from rlkit.reporting.charts.chart import Series, View
from rlkit.reporting.charts.curves import curve_charts
from rlkit.reporting.charts.paths import band_path, line_path
from rlkit.reporting.charts.profiles import profile_charts
from rlkit.reporting.charts.scales import reach, tick_text, ticks
from rlkit.reporting.charts.survival import survival_charts
from rlkit.reporting.charts.svg import drawn
from rlkit.reporting.charts.thinning import thinned
from rlkit.reporting.charts.words import places
from tests.reporting.documents import document


def same(value: float) -> float:
    return value


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 100, [0, 20, 40, 60, 80, 100]), (-0.3, 1.1, [-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1.0]), (5, 5, [5])],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(expected)


def test_ticks_are_written_short() -> None:
    assert [tick_text(value) for value in (0, 5000, 20_000, 1.5e6, 0.25)] == ["0", "5000", "20k", "1.5M", "0.25"]
    assert tick_text(0.4, share=True) == "40 %"


def test_an_axis_has_some_air_and_begins_at_zero_where_that_is_near() -> None:
    assert reach([1.0, None, 100.0]) == pytest.approx((0, 103.96))
    assert reach([50.0, 100.0], [0.0, None])[1] == pytest.approx(104)
    assert reach([]) == (0, 1)


def test_lines_are_interrupted_where_there_is_no_value() -> None:
    assert line_path(Series(0, (0, 1, 2, 3), (5, 6, None, 7)), same, same, steps=False) == "M0 5l1 1M3 7h.1"


def test_steps_hold_until_the_next_point() -> None:
    assert line_path(Series(0, (0, 2), (5, 3)), same, same, steps=True) == "M0 5h2v-2"


def test_a_band_lies_around_its_interval() -> None:
    series = Series(0, (0, 2, 4, 5), (1, 1, 1, 1), (0, 0, None, 0), (2, 3, 3, 2))
    assert band_path(series, same, same, steps=False) == "M0 2l2 1v-3h-2zM5 2v-2z"
    assert band_path(series, same, same, steps=True).startswith("M0 2h2v1")


def test_thinned_curves_keep_their_ends() -> None:
    series = Series(0, tuple(map(float, range(200))), tuple(map(float, range(200))), (), (), ((3.0, 1.0),))
    few = thinned(series, 90)
    assert (len(few.x), few.x[0], few.x[-1], few.low, few.marks) == (66, 0, 199, (), series.marks)
    assert few.x == few.y
    assert thinned(series, 10) is series


def test_curves_begin_with_the_view_that_was_measured() -> None:
    made = document(2, 2, 3)
    made["measure"]["by"] = "seconds"
    charts = curve_charts(made)
    assert [chart.title for chart in charts] == ["CartPole-v1", "Acrobot-v1"]
    assert [view.by for view in charts[0].views] == ["seconds", "step", "episode"]
    assert [series.variant for series in charts[0].views[0].series] == [0, 1]
    assert charts[0].level == 225


def test_a_task_without_curves_has_no_picture() -> None:
    made = document(2, 2, 3)
    made["curves"] = [curve for curve in made["curves"] if curve["task"] == "Acrobot-v1"]
    assert [chart.title for chart in curve_charts(made)] == ["Acrobot-v1"]


def test_survival_goes_from_the_start_to_the_last_run_that_ended() -> None:
    made = document(1, 1, 3)
    made["survival"] = [{"variant": "epsilon_greedy", "task": "CartPole-v1", "time": [10, 20], "share": [0.6, 0.3],
                         "low": [0.2, 0.1], "high": [0.9, 0.8], "censored": [15, 40]}]  # fmt: skip
    (chart,) = survival_charts(made)
    (series,) = chart.views[0].series
    assert (series.x, series.y) == ((0, 10, 20, 40), (1, 0.6, 0.3, 0.3))
    assert series.marks == ((15, 0.6), (40, 0.3))
    assert series.low == (1, 0.2, 0.1, 0.1)


def test_nobody_solved_it_is_a_line_at_the_top() -> None:
    made = document(1, 1, 3)
    made["survival"] = [{"variant": "epsilon_greedy", "task": "CartPole-v1", "time": [], "share": [], "low": [],
                         "high": [], "censored": [15]}]  # fmt: skip
    (series,) = survival_charts(made)[0].views[0].series
    assert (series.x, series.y, series.marks) == ((0, 15), (1, 1), ((15, 1),))


def test_the_profile_over_all_tasks_comes_first_and_only_where_there_are_several() -> None:
    assert [chart.title for chart in profile_charts(document(2, 2, 3))] == ["All tasks", "CartPole-v1", "Acrobot-v1"]
    made = document(2, 1, 3)
    made["profiles"] += [{**profile, "task": None} for profile in made["profiles"]]
    assert [chart.title for chart in profile_charts(made)] == ["CartPole-v1"]


def test_the_numbers_of_a_picture_are_those_of_its_curves() -> None:
    view = View("step", "steps", (Series(0, (0, 10), (0, 1)), Series(1, (5, 10), (3, None))))
    assert places(view, 3) == [(0, [0, None]), (5, [0.5, 3]), (10, [1, None])]
    assert places(view, 3, steps=True)[1] == (5, [0, 3])


def test_every_curve_is_within_its_picture() -> None:
    (chart,) = curve_charts(document(3, 1, 5))
    picture = drawn(chart)
    starts = [tuple(map(float, found)) for found in re.findall(r'class="line" d="M([\d.]+) ([\d.]+)', picture)]
    assert len(starts) == 3
    assert all(58 <= x <= 508 and 12 <= y <= 252 for x, y in starts)
    assert "epsilon_greedy: " in picture.partition('aria-label="')[2]


def test_a_document_without_values_has_pictures_too() -> None:
    made: dict[str, Any] = document(1, 1, 2)
    for curve in made["curves"]:
        curve |= {"x": [5], "estimate": [None], "low": [None], "high": [None]}
    (chart,) = curve_charts(made)
    assert "</svg>" in drawn(chart)
