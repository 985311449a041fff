"""Student's distribution, without SciPy, whose import takes a second."""

from __future__ import annotations

import functools
import math


@functools.cache
def student_quantile(share: float, degrees: int) -> float:
    """The value below which a share of Student's distribution with so many degrees of freedom lies.

    Args:
        share: in (0, 1).
        degrees: at least 1.
    """
    if share < 0.5:
        return -student_quantile(1.0 - share, degrees)
    low, high = 0.0, 1.0
    while student_cdf(high, degrees) < share:
        high *= 2.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if student_cdf(middle, degrees) < share else (low, middle)
    return (low + high) / 2


def student_cdf(value: float, degrees: int) -> float:
    """The share of the distribution below a value that is at least 0.

    By the finite sums for whole degrees of freedom: Abramowitz and Stegun (1964), equations 26.7.3 and 26.7.4.
    """
    angle = math.atan2(value, math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    if degrees % 2:
        term, total = cosine, 0.0
        for k in range(1, (degrees - 1) // 2 + 1):
            total += term
            term *= cosine * cosine * 2 * k / (2 * k + 1)
        return 0.5 + (angle + sine * total) / math.pi
    term, total = 1.0, 0.0
    for k in range(1, degrees // 2 + 1):
        total += term
        term *= cosine * cosine * (2 * k - 1) / (2 * k)
    return 0.5 + sine * total / 2
