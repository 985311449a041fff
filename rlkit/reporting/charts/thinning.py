"""Fewer points where there are many curves: a page is for a screen, and must stay small."""

from __future__ import annotations

from rlkit.reporting.charts.chart import Series

_POINTS = 6_000
"""Of all curves of one sort together."""
_LEAST = 40


def thinned(series: Series, curves: int) -> Series:
    """Every so many points, first and last included, so that `curves` of them have some 6,000 (at least 40 each)."""
    most = max(_LEAST, _POINTS // max(1, curves))
    count = len(series.x)
    if count <= most:
        return series
    kept = [round(index * (count - 1) / (most - 1)) for index in range(most)]
    x, y, low, high = (
        tuple(values[index] for index in kept) if values else ()
        for values in (series.x, series.y, series.low, series.high)
    )
    return Series(series.variant, x, y, low, high, series.marks)  # type: ignore[arg-type]
