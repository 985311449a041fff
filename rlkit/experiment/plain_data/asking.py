"""Asking a part for a property, and refusing what it says with the author's line."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import Any, TypeGuard

from rlkit.catalogue.part_name import part_name
from rlkit.contracts.component import ParameterError
from rlkit.faults.method import Method, method_of
from rlkit.faults.part_error import PartError
from rlkit.faults.place import place_of

_ASKED = 5
"""Times: one that draws its answer rarely gives the same so often."""
_LONGEST = 60


class Property:
    """A part's property or method without arguments, as a message names it."""

    def __init__(self, part: Any, kind: str, name: str) -> None:
        self._part, self._name = part, name
        self._method = method_of(part_name(part, kind), type(part), name)
        if not self._method.file:  # an attribute, set somewhere in the class
            file, _, line = place_of(type(part)).rpartition(":")
            first = int(line) if file else 0
            self._method = Method(self._method.part, name, file, first, first)

    def answer(self, check: Callable[[Any], None]) -> Any:
        """What it says.

        Args:
            check: raises `refused` for what the contract does not allow.

        Raises:
            PartError: it raised, said what is not allowed, or says something else each time.
        """
        found = self._ask()
        check(found)
        for again in (self._ask() for _ in range(_ASKED - 1)):
            if repr(again) != repr(found):
                raise self._method.refused(f"returned {_apart(found, again)}; allowed: the same each time")
        return found

    def refused(self, found: str, allowed: str) -> PartError:
        """What to raise for an answer, both in words."""
        return self._method.refused(f"returned {found}; allowed: {allowed}")

    def _ask(self) -> Any:
        try:
            found = getattr(self._part, self._name)
            return found() if callable(found) else found
        except ParameterError:  # which has a place in the experiment file
            raise
        except Exception as error:
            told = self._method.error(error)
            raise told from told.__cause__


def is_count(value: Any, least: int) -> TypeGuard[int]:
    """Whether it is an integer, at least this one; NumPy's are."""
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least


def shown(value: Any) -> str:
    """`int 0`, `str 'steps'`, `None (is a return missing?)`."""
    return "None (is a return missing?)" if value is None else f"{type(value).__name__} {_short(value)}"


def _apart(one: Any, other: Any, path: str = "") -> str:
    """In which field two answers differ."""
    for name in getattr(one, "_fields", ()) if type(one) is type(other) else ():
        values = getattr(one, name), getattr(other, name)
        if repr(values[0]) != repr(values[1]):
            return _apart(*values, path=f"{path}.{name}" if path else name)
    return f"{path} {_short(one)}, and {_short(other)} when asked again".lstrip()


def _short(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
