"""A chart as SVG: what a reader without scripts sees, and what is there before the script draws it to measure."""

from __future__ import annotations

from collections.abc import Callable

from rlkit.reporting.charts.chart import Chart, Series
from rlkit.reporting.charts.scales import linear, reach, tick_text, ticks
from rlkit.reporting.markup import Markup, tag
from rlkit.reporting.numbers import number
from rlkit.reporting.palette import look

WIDTH, HEIGHT = 520, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 12, 12, 48
"""Margins about the field of the curves; pixels. Those of assets/chart_drawing.js."""

Scale = Callable[[float], float]


def drawn(chart: Chart) -> Markup:
    """The chart's first view."""
    view = chart.views[0]
    x_low, x_high = _x_reach(view.series)
    values = [value for series in view.series for value in (*series.y, *series.low, *series.high)]
    y_low, y_high = chart.y_range or reach(values, [chart.level])
    x, y = linear(x_low, x_high, _LEFT, WIDTH - _RIGHT), linear(y_low, y_high, HEIGHT - _BOTTOM, _TOP)
    across = [tag("path", class_="grid", d=f"M{_LEFT} {y(tick):.1f}H{WIDTH - _RIGHT}") for tick in ticks(y_low, y_high)]
    level = chart.level
    return tag(
        "svg",
        across,
        [_text(tick_text(tick, chart.share), _LEFT - 7, y(tick) + 4, "end") for tick in ticks(y_low, y_high)],
        [_text(tick_text(tick), x(tick), HEIGHT - _BOTTOM + 18, "middle") for tick in ticks(x_low, x_high)],
        tag("path", class_="axis", d=f"M{_LEFT} {HEIGHT - _BOTTOM}H{WIDTH - _RIGHT}"),
        _text(view.x_label, (_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 8, "middle", "label"),
        _text(chart.y_label, 0, 0, "middle", "label", f"translate(13 {(_TOP + HEIGHT - _BOTTOM) / 2:g}) rotate(-90)"),
        None if level is None else tag("path", class_="level", d=f"M{_LEFT} {y(level):.1f}H{WIDTH - _RIGHT}"),
        [_band(series, x, y, chart.steps) for series in view.series if series.low],
        [_line(series, x, y, chart.steps) for series in view.series],
        None
        if level is None
        else _text(f"{chart.level_label} {number(level)}", _LEFT + 6, y(level) - 6, "start", "over"),
        viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=f"{chart.title}. {chart.description}",
    )  # fmt: skip


def _x_reach(series: tuple[Series, ...]) -> tuple[float, float]:
    points = [point for curve in series for point in curve.x]
    low, high = (min(points), max(points)) if points else (0.0, 1.0)
    return (0.0 if 0 <= low < 0.1 * high else low), (high if high > low else low + 1)


def _text(text: str, x: float, y: float, anchor: str, kind: str | None = None, transform: str | None = None) -> Markup:
    place = {} if transform else {"x": f"{x:.1f}", "y": f"{y:.1f}"}
    return tag("text", text, class_=kind, **place, text_anchor=anchor, transform=transform)


def _line(series: Series, x: Scale, y: Scale, steps: bool) -> Markup:
    path, begun, last = [], False, 0.0
    for at, value in zip(series.x, series.y, strict=True):
        if value is None:
            begun = False
            continue
        if steps and begun:
            path.append(f"H{x(at):.1f}V{y(value):.1f}")
        else:
            path.append(f"{'L' if begun else 'M'}{x(at):.1f} {y(value):.1f}")
        begun, last = True, x(at)
    if len(path) == 1:  # a point alone: a short stroke, as long as its round ends
        path.append(f"H{last + 0.1:.1f}")
    marks = [f"M{x(at):.1f} {y(value) - 5:.1f}v10" for at, value in series.marks]
    curve = tag("path", class_="line", d="".join(path))
    return tag("g", curve, tag("path", class_="mark", d="".join(marks)) if marks else None, class_=look(series.variant))


def _band(series: Series, x: Scale, y: Scale, steps: bool) -> Markup:
    points = [
        (x(at), y(low), y(high))
        for at, low, high in zip(series.x, series.low, series.high, strict=True)
        if low is not None and high is not None
    ]
    there = [(at, high) for at, _, high in points]
    back = [(at, low) for at, low, _ in points]
    if steps:
        there = [
            corner for pair in zip(there, there[1:], strict=False) for corner in (pair[0], (pair[1][0], pair[0][1]))
        ]
        back = [corner for pair in zip(back, back[1:], strict=False) for corner in (pair[0], (pair[1][0], pair[0][1]))]
    path = "L".join(f"{at:.1f} {value:.1f}" for at, value in (*there, *reversed(back)))
    return tag("path", class_=f"band {look(series.variant)}", d=f"M{path}Z" if path else None)
