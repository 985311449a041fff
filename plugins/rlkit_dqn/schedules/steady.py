"""What a number is, where it stays the same for the whole run."""

from __future__ import annotations

from typing import Any

from rlkit_dqn.schedules.constant import Constant
from rlkit_dqn.schedules.linear import Linear


def steady(value: Any) -> float | None:
    """The number itself, or that of a schedule which says the same always; None for one that changes."""
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, Constant):
        return value.amount
    return value.start if isinstance(value, Linear) and value.start == value.end else None
