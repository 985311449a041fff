"""A chart of the page as a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rlkit.reporting.charts.chart import Chart, Values, View
from rlkit.reporting.figures.paper import label, looks, paper

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.figure import Figure


def chart_figure(chart: Chart, view: View, names: Sequence[str]) -> Figure:
    """One view of a chart: a line a variant, its interval as a band, a legend below.

    Args:
        chart: what is drawn.
        view: which of its views.
        names: of all variants.
    """
    from matplotlib.ticker import EngFormatter, PercentFormatter

    columns = 2 if max((len(name) for name in names), default=0) > 18 else 3
    rows = -(-len(view.series) // columns)
    figure, axes = paper(3.2 + 0.2 * rows)
    label(axes, chart.title, view.x_label, chart.y_label)
    for series in view.series:
        style = looks(series.variant)
        x, y = np.asarray(series.x, np.float64), _numbers(series.y)
        if series.low:
            axes.fill_between(
                x, _numbers(series.low), _numbers(series.high), color=style["color"], alpha=0.16, linewidth=0,
                step="post" if chart.steps else None,
            )  # fmt: skip
        alone: dict[str, Any] = {"marker": "o", "markersize": 4} if len(x) == 1 else {}
        axes.plot(
            x, y, linewidth=1.6, label=str(series.variant), drawstyle="steps-post" if chart.steps else "default",
            **style, **alone,
        )  # fmt: skip
        if series.marks:
            axes.plot(*zip(*series.marks, strict=True), linestyle="none", marker="|", color=style["color"])
    if chart.level is not None:
        axes.axhline(chart.level, color="#333333", linestyle=":", linewidth=1)
    if chart.y_range:
        axes.set_ylim(chart.y_range[0] - 0.02, chart.y_range[1] + 0.02)
    if chart.share:
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.margins(x=0.01)
    if axes.get_xlim()[1] >= 10_000:
        axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    legend = figure.legend(loc="outside lower center", ncols=columns, frameon=False, fontsize=8, handlelength=3)
    for text, series in zip(legend.get_texts(), view.series, strict=True):
        text.set_parse_math(False)
        text.set_text(names[series.variant])  # only now: as a label, a name that begins with an underscore is left out
    return figure


def _numbers(values: Values) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], np.float64)
