"""Whose method chose an action, or selected rows: for messages of what it chose."""

from __future__ import annotations

from typing import Any

from rlkit.faults.method import method_of
from rlkit.programs.guarding.guard import guarded_as
from rlkit.programs.ready import Deciders
from rlkit.programs.state import parts_of


def deciders_of(learner: Any, selection: Any) -> Deciders:
    """Of working parts under guard: exploring, the first exploration that the learner has, else the learner itself."""
    exploring = [part for _, part in parts_of(learner, "") if guarded_as(part).startswith("exploration ")]
    act = _told(learner, "act")
    selecting = (_told(selection, method) for method in ("select", "added", "update"))
    return Deciders(_told(exploring[0], "select") if exploring else act, act, *selecting)


def _told(part: Any, method: str) -> str:
    return str(method_of(guarded_as(part) or type(part).__name__, type(part), method))
