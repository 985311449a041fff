"""Performance profiles of the document: which share of runs has a score above each value (Agarwal et al., 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rlkit.reporting.charts.chart import Chart, Series, View
from rlkit.reporting.charts.thinning import thinned
from rlkit.reporting.charts.words import course


def profile_charts(document: Mapping[str, Any]) -> list[Chart]:
    """A chart a task; that over all tasks comes first."""
    names = [variant["name"] for variant in document["variants"]]
    tasks = [None, *document["tasks"]]
    charts = []
    for number, task in enumerate(tasks):
        series = tuple(
            thinned(
                Series(
                    names.index(profile["variant"]), tuple(profile["score"]), tuple(profile["share"]),
                    tuple(profile["low"]), tuple(profile["high"]),
                ),
                len(document["profiles"]),
            )
            for profile in document["profiles"]
            if profile["task"] == task and profile["score"]
        )  # fmt: skip
        if series and not (task is None and len(document["tasks"]) == 1):
            view = View("score", score_words(document["measure"]), series)
            charts.append(
                Chart(
                    f"profile-{number}", task or "All tasks", "runs with a score above", (view,),
                    course(document, view, "share of runs"), y_range=(0.0, 1.0), share=True,
                )
            )  # fmt: skip
    return charts


def score_words(measure: Mapping[str, Any]) -> str:
    """What a score is, as short as a heading."""
    unit = measure.get("unit") or ""
    kind = {"time": "time to the threshold", "final": "final return", "area": "mean return over the run"}
    return f"{kind.get(measure['name'], measure['name'])}{f' ({unit})' if unit else ''}"
