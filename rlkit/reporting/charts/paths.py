"""Curves and bands as paths of SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import TypeVar

from rlkit.reporting.charts.chart import Series

Scale = Callable[[float], float]
_T = TypeVar("_T")
_Point = tuple[float, float]


def line_path(series: Series, x: Scale, y: Scale, steps: bool) -> str:
    """Interrupted where there is no value.

    Args:
        series: the curve.
        x: from values to pixels.
        y: the same, upright.
        steps: whether values hold until the next point.
    """
    stretches = _stretches(zip(series.x, series.y, strict=True))
    lines = ([(x(at), y(value)) for at, value in stretch] for stretch in stretches)
    return "".join(_joined(_corners(line, steps)) + ("h.1" if len(line) == 1 else "") for line in lines)


def band_path(series: Series, x: Scale, y: Scale, steps: bool) -> str:
    """Around what lies between low and high; see `line_path`."""
    paths = []
    pairs = (
        (at, None if low is None or high is None else (low, high))
        for at, low, high in zip(series.x, series.low, series.high, strict=True)
    )
    for stretch in _stretches(pairs):
        above = [(x(at), y(high)) for at, (_, high) in stretch]
        below = [(x(at), y(low)) for at, (low, _) in stretch]
        paths.append(_joined([*_corners(above, steps), *reversed(_corners(below, steps))]) + "z")
    return "".join(paths)


def _stretches(points: Iterable[tuple[float, _T | None]]) -> Iterator[list[tuple[float, _T]]]:
    for known, stretch in groupby(points, lambda point: point[1] is not None):
        if known:
            yield [(at, value) for at, value in stretch if value is not None]


def _corners(points: Sequence[_Point], steps: bool) -> list[_Point]:
    if not steps:
        return list(points)
    return [points[0], *(corner for before, after in pairwise(points) for corner in ((after[0], before[1]), after))]


def _joined(points: Sequence[_Point]) -> str:
    """Straight lines, in tenths of a pixel, each point as seen from the last: half as long as with places."""
    tenths = [(round(at * 10), round(value * 10)) for at, value in points]
    path = [f"M{tenths[0][0] / 10:g} {tenths[0][1] / 10:g}"]
    for (at, value), (next_at, next_value) in pairwise(tenths):
        right, down = (next_at - at) / 10, (next_value - value) / 10
        path.append(f"h{right:g}" if not down else f"v{down:g}" if not right else f"l{right:g} {down:g}")
    return "".join(path)
