"""A component's method or property, as a message names it."""

from __future__ import annotations

import inspect
from types import CodeType
from typing import Any, NamedTuple

from rlkit.faults.authors import one_line, where
from rlkit.faults.part_error import PartError, part_error_in


class Method(NamedTuple):
    """Of a part, with its place in the author's code."""

    part: str
    """Kind and name: `exploration 'my_policy'`."""
    name: str
    file: str
    """Empty if it is nobody's Python code."""
    first: int
    """Line at which it begins."""
    last: int

    def __str__(self) -> str:
        return self.at(self.place)

    @property
    def place(self) -> str:
        """`file:line` of its definition."""
        return f"{self.file}:{self.first}" if self.file else ""

    def at(self, place: str) -> str:
        """What a message begins with."""
        return f"{self.part}, {self.name}" + (f" ({place})" if place else "")

    def error(self, error: Exception | SystemExit) -> PartError:
        """What to tell of an error that it raised, that being its cause."""
        told = part_error_in(error)
        if told is None:
            told = PartError(f"{self.at(where(error) or self.place)}: {one_line(error)}")
            told.__cause__ = error
        return told

    def refused(self, what: str, found: Any = None) -> PartError:
        """What to tell of a result; the line that made a tensor is named if it is one of the method's own."""
        place = self.place
        for frame in reversed(_traceback(found)):
            if frame.filename == self.file and self.first <= frame.lineno <= self.last:
                place = f"{self.file}:{frame.lineno}"
                break
        return PartError(f"{self.at(place)}: {what}")


def method_of(part: str, cls: type, name: str) -> Method:
    """The method of this name of a class."""
    code = code_of(inspect.getattr_static(cls, name, None))
    if code is None:
        return Method(part, name, "", 0, 0)
    lines = [line for *_, line in code.co_lines() if line]
    return Method(part, name, code.co_filename, code.co_firstlineno, max(lines))


def code_of(function: Any) -> CodeType | None:
    """Of a function in whatever decorators it stands, or of a property."""
    for wrapper in ("fget", "__func__", "python_function", "__wrapped__"):
        function = getattr(function, wrapper, function)
    code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
    return code if isinstance(code, CodeType) else None


def _traceback(found: Any) -> list[Any]:
    """The lines that made a tensor of a graph."""
    try:
        return list(found.op.traceback)
    except Exception:  # what is no tensor of a graph has no operation, or raises if asked for it
        return []
