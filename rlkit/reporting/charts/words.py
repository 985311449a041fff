"""What a chart shows, in words, for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rlkit.reporting.charts.chart import Series, View
from rlkit.reporting.numbers import number


def course(document: Mapping[str, Any], view: View, what: str) -> str:
    """Where each curve begins, where it is half-way, and where it ends."""
    names = [variant["name"] for variant in document["variants"]]
    said = [_course(names[series.variant], series) for series in view.series]
    return f"{what} by {view.x_label}. {' '.join(filter(None, said))}"


def _course(name: str, series: Series) -> str:
    known = [(x, y) for x, y in zip(series.x, series.y, strict=True) if y is not None]
    if not known:
        return ""
    first, middle, last = known[0], known[len(known) // 2], known[-1]
    places = [first, last] if len(known) < 3 else [first, middle, last]
    return f"{name}: {', '.join(f'{number(y)} at {number(x)}' for x, y in places)}."


def places(view: View, count: int = 5, *, steps: bool = False) -> list[tuple[float, list[float | None]]]:
    """Values at a few evenly spaced points, None where a curve has none: the numbers of a picture.

    Returns:
        (x, one value a series) for each point.
    """
    ends = [x for series in view.series for x in (series.x[0], series.x[-1])]
    low, high = min(ends), max(ends)
    points = [low + (high - low) * index / (count - 1) for index in range(count)]
    return [(point, [value_at(series, point, steps) for series in view.series]) for point in points]


def value_at(series: Series, at: float, steps: bool = False) -> float | None:
    """Of a curve that is straight between its points, or holds each until the next; None beyond its ends."""
    for index, x in enumerate(series.x):
        if x == at:
            return series.y[index]
        if x > at:
            before, after = (series.y[index - 1], series.y[index]) if index else (None, None)
            if before is None or after is None or steps:
                return before
            share = (at - series.x[index - 1]) / (x - series.x[index - 1])
            return before + share * (after - before)
    return None
