"""One part finds another one wrong."""

from __future__ import annotations

from rlkit.faults.method import method_of
from rlkit.faults.part_error import PartError
from rlkit.programs.guarding.guard import guarded_as


def part_error(part: object, method: str, what: str) -> PartError:
    """What to raise where one part finds, while it is traced, that another one is wrong.

    Args:
        part: the other one, as the core handed it over.
        method: the name of the one whose fault it is.
        what: was found, and what is allowed.
    """
    return method_of(guarded_as(part) or type(part).__name__, type(part), method).refused(what)
