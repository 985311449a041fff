"""The scores of the variants with their intervals as a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rlkit.reporting.charts.profiles import score_words
from rlkit.reporting.figures.paper import label, looks, paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def score_figure(document: Mapping[str, Any], task: str | None) -> Figure | None:
    """Interquartile means, a line a variant; of all tasks together where `task` is None. None where there are none."""
    rows: list[tuple[int, str, Mapping[str, Any]]] = []
    for number, variant in enumerate(document["variants"]):
        of = [variant] if task is None else [own for own in variant["tasks"] if own["task"] == task]
        for own in of:
            estimate = (own["aggregates"] or {}).get("interquartile_mean")
            if estimate and estimate["estimate"] is not None:
                rows.append((number, variant["name"], estimate))
    if not rows:
        return None
    figure, axes = paper(1.05 + 0.3 * len(rows))
    better = "lower" if document["measure"]["better"] == "lower" else "higher"
    what = f"interquartile mean of the {score_words(document['measure'])}"
    label(axes, task or "All tasks", f"{what}\n{better} is better")
    for place, (number, _, estimate) in enumerate(rows):
        colour = looks(number)["color"]
        if estimate["low"] is not None and estimate["high"] is not None:
            axes.plot([estimate["low"], estimate["high"]], [place, place], color=colour, linewidth=2.2)
        axes.plot([estimate["estimate"]], [place], color=colour, marker="o", markersize=6)
    axes.set_yticks(range(len(rows)), [name for _, name, _ in rows], parse_math=False)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    if axes.get_xlim()[1] >= 10_000:
        from matplotlib.ticker import EngFormatter

        axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    return figure
