"""Pictures of a comparison as PNG and SVG in a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.reporting.charts.curves import curve_charts
from rlkit.reporting.charts.profiles import profile_charts
from rlkit.reporting.charts.survival import survival_charts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DOTS = 200
"""An inch, of a PNG."""


def write_figures(document: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write each picture as PNG and as SVG; each file appears whole.

    Args:
        document: of a comparison.
        folder: where to; made if it is not there.

    Returns:
        The files: `scores-<task>`, `curve-<task>-<by>`, `survival-<task>` and `profile-<task>`, each with both endings.

    Raises:
        OSError: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, figure in _figures(document):
        stem, number = name, 1
        while folder / f"{stem}.png" in written:  # labels of tasks that differ in signs which no file should have
            number += 1
            stem = f"{name}-{number}"
        for suffix in (".png", ".svg"):
            path = folder / (stem + suffix)
            _save(figure, path)
            written.append(path)
    return written


def _figures(document: Mapping[str, Any]) -> Iterator[tuple[str, Figure]]:
    from rlkit.reporting.figures.chart_figure import chart_figure
    from rlkit.reporting.figures.score_figure import score_figure

    names = [variant["name"] for variant in document["variants"]]
    several = len(document["tasks"]) > 1
    for task in ([None] if several else []) + list(document["tasks"]):
        figure = score_figure(document, task)
        if figure is not None:
            yield _name("scores", task or "All tasks"), figure
    for chart in curve_charts(document):
        for view in chart.views:
            yield _name("curve", chart.title, view.by), chart_figure(chart, view, names)
    for chart in (*survival_charts(document), *profile_charts(document)):
        yield _name(chart.name.partition("-")[0], chart.title), chart_figure(chart, chart.views[0], names)


def _name(*parts: str) -> str:
    return "-".join(re.sub(r"[^\w.-]+", "-", part).strip("-.") for part in parts)


def _save(figure: Figure, path: Path) -> None:
    temporary = path.with_name(f".{path.stem}.tmp{path.suffix}")
    metadata = {"Date": None} if path.suffix == ".svg" else None  # the same picture is the same file
    try:
        figure.savefig(temporary, dpi=_DOTS, metadata=metadata)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
