"""Survival curves of the document: which share of runs has not reached the threshold yet (Kaplan and Meier, 1958)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from rlkit.reporting.charts.chart import Chart, Series, View
from rlkit.reporting.charts.words import course


def survival_charts(document: Mapping[str, Any]) -> list[Chart]:
    """A chart a task."""
    names = [variant["name"] for variant in document["variants"]]
    charts = []
    for number, task in enumerate(document["tasks"]):
        curves = [curve for curve in document["survival"] if curve["task"] == task]
        end = max((at for curve in curves for at in (*curve["time"], *curve["censored"])), default=0.0)
        series = tuple(_series(names.index(curve["variant"]), curve, end) for curve in curves)
        if series:
            view = View("time", document["measure"].get("unit") or "environment steps", series)
            charts.append(
                Chart(
                    f"survival-{number + 1}", task, "runs not yet solved", (view,),
                    course(document, view, "share of runs not yet solved"), y_range=(0.0, 1.0), steps=True, share=True,
                )
            )  # fmt: skip
    return charts


def _series(variant: int, curve: Mapping[str, Any], end: float) -> Series:
    """From 0, where nothing is solved, to the last run that ended, solved or not; to the end where all have solved."""
    time, share, low, high = (list(curve[key]) for key in ("time", "share", "low", "high"))
    if not time or time[0] > 0:
        time, share, low, high = [0.0, *time], [1.0, *share], [1.0, *low], [1.0, *high]
    last = end if share[-1] == 0.0 else max(curve["censored"], default=0.0)
    if last > time[-1]:
        time, share, low, high = [*time, last], [*share, share[-1]], [*low, low[-1]], [*high, high[-1]]
    marks = tuple((at, share[bisect_right(time, at) - 1]) for at in sorted(set(curve["censored"])))
    return Series(variant, tuple(time), tuple(share), tuple(low), tuple(high), marks)
