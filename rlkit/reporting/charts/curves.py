"""Learning curves of the document: a chart a task, by step, episode or seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rlkit.reporting.charts.chart import Chart, Series, View
from rlkit.reporting.charts.thinning import thinned
from rlkit.reporting.charts.words import course

BY = {"step": "environment steps", "episode": "episodes", "seconds": "seconds of training"}


def curve_charts(document: Mapping[str, Any]) -> list[Chart]:
    """Interquartile means of returns over runs, with intervals; the first view is that of the document's measure."""
    measure = document["measure"]
    first = measure.get("by")
    by = sorted(BY, key=lambda name: name != first)
    charts = []
    for number, task in enumerate(document["tasks"]):
        views = [View(name, BY[name], _series(document, task, name)) for name in by]
        views = [view for view in views if view.series]
        if not views:
            continue
        level = measure.get("threshold")
        charts.append(
            Chart(
                f"curve-{number + 1}", task, "return of an episode", tuple(views), course(document, views[0], "return"),
                level=level, level_label="threshold" if level is not None else "",
            )
        )  # fmt: skip
    return charts


def _series(document: Mapping[str, Any], task: str, by: str) -> tuple[Series, ...]:
    names = [variant["name"] for variant in document["variants"]]
    curves = [curve for curve in document["curves"] if curve["task"] == task and curve["by"] == by and curve["x"]]
    return tuple(
        thinned(
            Series(
                names.index(curve["variant"]), tuple(curve["x"]), tuple(curve["estimate"]), tuple(curve["low"]),
                tuple(curve["high"]),
            ),
            len(document["curves"]),
        )
        for curve in curves
    )  # fmt: skip
