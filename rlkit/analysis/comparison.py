"""Several runs in one picture: a curve a run, and mean and spread where runs differ in their seed alone."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.analysis.groups import Group

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".png", ".svg", ".pdf")
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
"""Okabe and Ito (2008): apart for the colour-blind. The darker ones come first; yellow is too pale for a line."""
_STYLES = ("-", "--", ":", "-.")
"""Change with every curve, so that the curves stay apart in grey too."""

_LINE = 110
"""Characters of a legend's label in a line."""


def draw_comparison(
    path: Path, groups: Sequence[Group], *, x_label: str, y_label: str, title: str = "", note: str = ""
) -> None:
    """Write the picture, in the format of the path's suffix (see `SUFFIXES`); the file appears whole.

    Args:
        path: where to.
        groups: at least one, each with at least one curve.
        x_label: of the horizontal axis.
        y_label: of the vertical axis.
        title: above the curves.
        note: small print: what was smoothed; what the band is, is added.

    Raises:
        OSError: the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter

    figure = Figure(figsize=(9, 5.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(title, parse_math=False)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.grid(color="#e4e4e4", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    banded = [_group(axes, group, number) for number, group in enumerate(groups)]
    axes.margins(x=0.01)
    if axes.get_xlim()[1] >= 10_000:
        axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    if any(banded):
        band = (
            "thick: mean of the runs, as far as all of them go; band: ± 1 standard deviation over them; thin: each run"
        )
        note = f"{note}; {band}" if note else band
    if note:
        figure.supxlabel(note, fontsize=8, color="#555555")
    long = any(len(group.label) > _LINE // 2 for group in groups)
    columns = 1 if len(groups) > 2 or long else 2
    legend = figure.legend(loc="outside upper center", ncols=columns, frameon=False, fontsize=9)
    for text in legend.get_texts():
        text.set_parse_math(False)

    temporary = path.with_name(f".{path.stem}.tmp{path.suffix}")
    try:
        figure.savefig(temporary, dpi=120)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _group(axes: Axes, group: Group, number: int) -> bool:
    """Draw a group; whether it has a band."""
    colour, style = _COLOURS[number % len(_COLOURS)], _STYLES[number % len(_STYLES)]
    band = group.band()
    if band is None or not len(band.x):
        for index, curve in enumerate(group.curves):
            few: dict[str, Any] = {"marker": "o", "markersize": 4} if len(curve.x) < 30 else {}
            label = _wrapped(group.label) if index == 0 else None
            axes.plot(curve.x, curve.y, color=colour, linestyle=style, linewidth=1.6, label=label, **few)
        return False
    for curve in group.curves:
        axes.plot(curve.x, curve.y, color=colour, linewidth=0.7, alpha=0.35)
    low, high = band.mean - band.deviation, band.mean + band.deviation
    axes.fill_between(band.x, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(band.x, band.mean, color=colour, linestyle=style, linewidth=2.2, label=_wrapped(group.label))
    return True


def _wrapped(label: str) -> str:
    """In lines that fit into the picture."""
    return "\n".join(textwrap.wrap(label, _LINE))
