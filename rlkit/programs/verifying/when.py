"""Whether parts are built and traced a second time, which takes as long as the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Verify: TypeAlias = Callable[[Callable[[], None]], object]
"""Carries a verification out, or knows that an earlier process did. Raises whatever that raises."""


def always(verification: Callable[[], None]) -> None:
    """Carry it out."""
    verification()
