"""What all figures have in common: a column's width, quiet axes, text that is taken as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit.reporting.palette import COLOURS, DASHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 5.5
"""Inches, of a page's text."""


def paper(height: float) -> tuple[Figure, Axes]:
    """A figure of this height in inches, and its axes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.grid(color="#e4e4e4", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    return figure, axes


def label(axes: Axes, title: str, x: str, y: str = "") -> None:
    """Texts in which a dollar sign is a dollar sign."""
    axes.set_title(title, fontsize=10, parse_math=False)
    axes.set_xlabel(x, fontsize=9, parse_math=False)
    axes.set_ylabel(y, fontsize=9, parse_math=False)


def looks(variant: int) -> dict[str, Any]:
    """Colour and line style: those of the page."""
    dashes = DASHES[variant % len(DASHES)]
    style: Any = (0, tuple(float(length) / 2 for length in dashes.split())) if dashes else "-"
    return {"color": COLOURS[variant % len(COLOURS)], "linestyle": style}
