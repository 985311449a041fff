"""The schedule: a number that changes with progress."""

from __future__ import annotations

from typing import Protocol

from rlkit.contracts.data import Progress
from rlkit.contracts.tensor import Tensor


class Schedule(Protocol):
    """A pure function of progress; used wherever a parameter's type is `float | Schedule`."""

    def value(self, progress: Progress) -> Tensor:
        """The number now, a float32 scalar (graph code)."""
