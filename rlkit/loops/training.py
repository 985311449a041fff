"""What either loop tells while it trains."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rlkit.programs.program import Arrays


class Episode(NamedTuple):
    """An episode that has ended."""

    number: int
    """From 0, in the order in which episodes end."""
    length: int
    episode_return: float
    """Undiscounted sum of rewards."""
    terminated: bool
    truncated: bool
    reports: dict[str, float]
    """What components reported of it."""
    variables: Arrays | None = None
    """The learner's at its end, where they are at hand; else they can be read from its backend."""


class EvaluationDue(NamedTuple):
    """So many steps are done that the run's plan asks for an evaluation."""

    step: int
