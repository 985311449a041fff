"""What a picture with axes shows. The page's SVG, its script and Matplotlib all draw from this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rlkit.reporting.numbers import compact

Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Series:
    """One variant's curve and the interval about it."""

    variant: int
    """Its place among the document's variants."""
    x: tuple[float, ...]
    """(n,) increasing."""
    y: Values
    """(n,) None where there is no value."""
    low: Values = ()
    """(n,) or none: no interval."""
    high: Values = ()
    marks: tuple[tuple[float, float], ...] = ()
    """Points with a mark: runs that ended without an outcome."""

    def data(self) -> dict[str, Any]:
        """For the page's script, in few digits."""
        full: dict[str, Any] = {"v": self.variant, "x": [compact(x, 5) for x in self.x], "y": _few(self.y)}
        if self.low:
            full |= {"l": _few(self.low), "h": _few(self.high)}
        if self.marks:
            full["m"] = [[compact(x, 5), compact(y)] for x, y in self.marks]
        return full


@dataclass(frozen=True)
class View:
    """The series by one measure of progress."""

    by: str
    x_label: str
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Chart:
    """One picture."""

    name: str
    """Of its element and its file: letters, digits, hyphens."""
    title: str
    y_label: str
    views: tuple[View, ...]
    """At least one."""
    description: str = ""
    """What is to be seen, in words."""
    y_range: tuple[float, float] | None = None
    """Fixed, or as far as the values go."""
    level: float | None = None
    """A value that is of interest: a line across."""
    level_label: str = ""
    steps: bool = False
    """Values hold until the next point; otherwise lines are straight between points."""
    share: bool = False
    """Values are shares, shown as percentages."""

    def data(self) -> dict[str, Any]:
        """For the page's script."""
        return {
            "title": self.title, "y": self.y_label, "range": self.y_range, "level": self.level,
            "levelLabel": self.level_label, "steps": self.steps, "share": self.share,
            "views": [
                {"by": view.by, "x": view.x_label, "series": [series.data() for series in view.series]}
                for view in self.views
            ],
        }  # fmt: skip


def _few(values: Values) -> list[float | int | None]:
    return [None if value is None else compact(value) for value in values]
