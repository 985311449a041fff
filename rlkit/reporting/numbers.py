"""Numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

NOTHING = "–"
"""Stands for a number that there is not."""


def number(value: float | None, digits: int = 4) -> str:
    """So many digits, more where they stand before the point; thousands apart: 12,345 and 0.8123."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    size = abs(value)
    decimals = 0 if size >= 1000 else min(6, max(0, digits - 1 - math.floor(math.log10(size))))
    text = f"{value:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if text.strip("-0.,") else f"{value:.1g}"


def probability(value: float | None) -> str:
    """Of a p-value: three decimals; what is smaller is said to be."""
    if value is None:
        return NOTHING
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def interval(estimate: Mapping[str, Any] | None, digits: int = 4) -> str:
    """`12.3 (10.1 to 14)`."""
    if estimate is None or estimate.get("estimate") is None:
        return NOTHING
    at, low, high = (number(estimate.get(key), digits) for key in ("estimate", "low", "high"))
    return f"{at} ({low} to {high})"


def compact(value: float, digits: int = 4) -> float | int:
    """Rounded to so many digits, for data that is drawn: a picture has fewer pixels."""
    if value == 0 or not math.isfinite(value):
        return 0
    rounded = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    return int(rounded) if rounded == int(rounded) else rounded
