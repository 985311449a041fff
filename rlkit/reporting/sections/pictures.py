"""Charts with their legend, their switches and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rlkit.reporting.charts.chart import Chart
from rlkit.reporting.charts.scales import tick_text
from rlkit.reporting.charts.svg import drawn
from rlkit.reporting.charts.words import places
from rlkit.reporting.markup import Markup, joined, tag
from rlkit.reporting.numbers import NOTHING, number
from rlkit.reporting.sections.scores import sample
from rlkit.reporting.tables import Column, table


def pictures(document: Mapping[str, Any], charts: Sequence[Chart], lead: str, *, log_y: bool = False) -> Markup | None:
    """A group of charts that share legend and switches. None where there is no chart."""
    if not charts:
        return None
    group = charts[0].name.partition("-")[0]
    return tag(
        "div",
        tag("p", lead, class_="lead"),
        _switches(group, charts[0], log_y=log_y),
        _legend(document, charts),
        tag("div", [_figure(document, chart) for chart in charts], class_="pictures"),
        class_="charts many" if len(document["variants"]) > 5 else "charts",
        data_group=group,
    )


def _switches(group: str, chart: Chart, *, log_y: bool) -> Markup:
    """Hidden until the script, which they are for, is at work."""
    views = None
    if len(chart.views) > 1:
        views = tag(
            "fieldset",
            tag("legend", "Horizontal axis"),
            [
                tag("label", tag("input", type="radio", name=f"by-{group}", value=view.by, checked=not index),
                    view.x_label)
                for index, view in enumerate(chart.views)
            ],
        )  # fmt: skip
    logarithmic = tag(
        "fieldset",
        tag("legend", "Logarithmic"),
        tag("label", tag("input", type="checkbox", data_log="x"), "horizontal"),
        tag("label", tag("input", type="checkbox", data_log="y"), "vertical") if log_y else None,
    )
    return tag("div", views, logarithmic, class_="switches", hidden=True)


def _legend(document: Mapping[str, Any], charts: Sequence[Chart]) -> Markup:
    shown = {series.variant for chart in charts for view in chart.views for series in view.series}
    items = [
        tag("li", sample(index), variant["name"], data_variant=index)
        for index, variant in enumerate(document["variants"])
        if index in shown
    ]
    return tag("ul", items, class_="legend", aria_label="Variants")


def _figure(document: Mapping[str, Any], chart: Chart) -> Markup:
    return tag(
        "figure",
        tag("figcaption", chart.title),
        tag("div", drawn(chart), class_="plot", id=chart.name),
        _numbers(document, chart),
    )


def _numbers(document: Mapping[str, Any], chart: Chart) -> Markup:
    """What the picture shows, as a table: folded, since it is for those who want or need it."""
    view = chart.views[0]
    columns = [
        Column(view.x_label, None),
        *(Column(document["variants"][series.variant]["name"], None) for series in view.series),
    ]

    def shown(value: float | None) -> str:
        if value is None:
            return NOTHING
        return tick_text(round(value, 3), share=True) if chart.share else number(value)

    rows = [[number(x), *map(shown, values)] for x, values in places(view, steps=chart.steps)]
    numbers = table(f"{chart.title}: {chart.y_label} by {view.x_label}", columns, rows)
    return tag("details", tag("summary", "Numbers of this picture"), joined(numbers))
