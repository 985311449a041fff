"""A chart as SVG: what a reader without scripts sees, and what is there before the script draws it to measure."""

from __future__ import annotations

from rlkit.reporting.charts.chart import Chart, Series
from rlkit.reporting.charts.paths import Scale, band_path, line_path
from rlkit.reporting.charts.scales import linear, reach, tick_text, ticks
from rlkit.reporting.markup import Markup, tag
from rlkit.reporting.numbers import number
from rlkit.reporting.palette import look

WIDTH, HEIGHT = 520, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 12, 12, 48
"""Margins about the field of the curves; pixels. Those of assets/chart_drawing.js."""


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
        [
            tag("path", class_=f"band {look(series.variant)}", d=band_path(series, x, y, chart.steps))
            for series in view.series
            if series.low
        ],
        [_line(series, x, y, chart.steps) for series in view.series],
        None
        if level is None
        else _text(f"{chart.level_label} {number(level)}", _LEFT + 6, y(level) - 6, "start", "over"),
        class_="still", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=f"{chart.title}. {chart.description}",
    )  # fmt: skip


def _x_reach(series: tuple[Series, ...]) -> tuple[float, float]:
    points = [point for curve in series for point in curve.x]
    low, high = (min(points), max(points)) if points else (0.0, 1.0)
    return (0.0 if 0 <= low < 0.1 * high else low), (high if high > low else low + 1)


def _text(text: str, x: float, y: float, anchor: str, kind: str | None = None, transform: str | None = None) -> Markup:
    place = {} if transform else {"x": f"{x:.1f}", "y": f"{y:.1f}"}
    return tag("text", text, class_=kind, **place, text_anchor=anchor, transform=transform)


def _line(series: Series, x: Scale, y: Scale, steps: bool) -> Markup:
    marks = "".join(f"M{x(at):.1f} {y(value) - 5:.1f}v10" for at, value in series.marks)
    return tag(
        "g",
        tag("path", class_="line", d=line_path(series, x, y, steps)),
        tag("path", class_="mark", d=marks) if marks else None,
        class_=look(series.variant),
    )
