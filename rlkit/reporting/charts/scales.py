"""Where a value lies on an axis, and where the axis has its marks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable


def linear(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """From values between `low` and `high` to pixels between `start` and `end`."""
    factor = (end - start) / ((high - low) or 1.0)
    return lambda value: start + (value - low) * factor


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round values (1, 2 or 5 times a power of ten) within the stretch, about so many."""
    span = high - low
    if not span > 0:
        return [low]
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.7)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def reach(values: Iterable[float | None], include: Iterable[float | None] = ()) -> tuple[float, float]:
    """Least and greatest of what there is, with some air; 0 to 1 where there is nothing."""
    known = [value for value in (*values, *include) if value is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    air = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    return (0.0 if 0 <= low < air else low - air), high + air


def tick_text(value: float, share: bool = False) -> str:
    """As short as it can be: 20k, 1.5M, 0.25; shares in per cent."""
    if share:
        return f"{value * 100:.4g} %"
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= (size if size > 1e3 else 1e4):
            return f"{value / size:.4g}{letter}"
    return f"{value:.4g}"
