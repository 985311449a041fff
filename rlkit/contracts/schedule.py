"""The schedule: a number that changes with progress."""

from __future__ import annotations

from typing import Protocol

from rlkit.contracts.data import Progress
from rlkit.contracts.tensor import Tensor


class Schedule(Protocol):
    """A pure function of progress; used wherever a parameter's type is `float | Schedule` (`rlkit.value_of`).

    Its values are held to the range of the parameter in whose place it stands. With state of its own it has
    `build(spaces)`, which the core calls. With `needs_total = True` it reads `progress.total`, and an experiment whose
    limits do not say how long it lasts is refused. One that counts says by an attribute `by` what: "step", "episode" or
    "update"; the first two are refused in a run that takes no step (`collects: false`), where they would stand still.
    With `by` it may have `ends(last)`, plain numbers: what it is at the count 0 and at the count `last`, by the
    parameter that says so (`start`, `end`). They are held to the range before anything is built.
    """

    def value(self, progress: Progress) -> Tensor:
        """The number now, a float32 scalar (graph code)."""
