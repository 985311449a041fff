"""Estimates with their intervals as small pictures in a line of text or in a table's cell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from rlkit.reporting.markup import Markup, tag
from rlkit.reporting.palette import look


class Axis(NamedTuple):
    """What the pictures of a table or list share."""

    low: float
    high: float
    logarithmic: bool = False

    def place(self, value: float) -> str:
        """In per cent of the width; what lies beyond an end is drawn at it."""
        low, high, at = self.low, self.high, value
        if self.logarithmic:
            low, high, at = math.log(low), math.log(high), math.log(max(value, 1e-300))
        return f"{min(98.0, max(2.0, 2 + 96 * (at - low) / ((high - low) or 1))):.1f}%"


def axis_of(values: list[Any], neutral: float | None = None, *, logarithmic: bool = False) -> Axis:
    """An axis that holds all of the values that are known; with a neutral value, that is in its middle."""
    known = [value for value in values if value is not None and (value > 0 or not logarithmic)]
    if neutral is None:
        return Axis(min(known, default=0.0), max(known, default=1.0), logarithmic)
    if logarithmic:
        far = max((abs(math.log(value / neutral)) for value in known), default=0.0) or math.log(2)
        return Axis(neutral * math.exp(-far), neutral * math.exp(far), True)
    far = max((abs(value - neutral) for value in known), default=0.0) or 1.0
    return Axis(neutral - far, neutral + far)


def bar(
    estimate: Mapping[str, Any], axis: Axis, label: str, *, variant: int | None = None, neutral: float | None = None
) -> Markup | None:
    """The interval as a line, the estimate as a dot on it, the neutral value as a line across. None without a value."""
    low, at, high = estimate.get("low"), estimate.get("estimate"), estimate.get("high")
    if at is None:
        return None
    return tag(
        "svg",
        None
        if neutral is None
        else tag("line", class_="neutral", x1=axis.place(neutral), x2=axis.place(neutral), y1="0", y2="100%"),
        None
        if low is None or high is None
        else tag("line", class_="interval", x1=axis.place(low), x2=axis.place(high), y1="50%", y2="50%"),
        tag("circle", cx=axis.place(at), cy="50%", r="5"),
        class_=f"bar {'' if variant is None else look(variant)}".strip(), role="img", aria_label=label,
    )  # fmt: skip
