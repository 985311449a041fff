"""The scores of the variants with their intervals as a figure."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Any

from rlkit.reporting.aggregates import AGGREGATES, known_aggregates
from rlkit.reporting.charts.profiles import score_words
from rlkit.reporting.figures.paper import label, looks, paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def score_figure(document: Mapping[str, Any], task: str | None) -> Figure | None:
    """The first aggregate that most variants have; of all tasks where `task` is None. None where there are none."""
    found = [
        (number, variant["name"], own["aggregates"] or {})
        for number, variant in enumerate(document["variants"])
        for own in ([variant] if task is None else variant["tasks"])
        if task is None or own["task"] == task
    ]
    known = known_aggregates([of for _, _, of in found])
    if not known:
        return None
    drawn = [(number, name, of.get(known[0])) for number, name, of in found]
    rows = [
        (number, name, estimate) for number, name, estimate in drawn if estimate and estimate["estimate"] is not None
    ]
    figure, axes = paper(1.05 + sum(0.3 + 0.14 * (len(name) // 34) for _, name, _ in rows))
    better = "lower" if document["measure"]["better"] == "lower" else "higher"
    what = f"{AGGREGATES[known[0]]} of the {score_words(document['measure'])}"
    label(axes, task or "All tasks", "")
    figure.supxlabel(f"{what}\n{better} is better", fontsize=9, parse_math=False)
    for place, (number, _, estimate) in enumerate(rows):
        colour = looks(number)["color"]
        if estimate["low"] is not None and estimate["high"] is not None:
            axes.plot([estimate["low"], estimate["high"]], [place, place], color=colour, linewidth=2.2)
        axes.plot([estimate["estimate"]], [place], color=colour, marker="o", markersize=6)
    axes.set_yticks(range(len(rows)), [fill(name, 34) for _, name, _ in rows], parse_math=False)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    if axes.get_xlim()[1] >= 10_000:
        from matplotlib.ticker import EngFormatter

        axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    return figure
