"""Whose code a line is: that of the part under guard in whose class it stands."""

from __future__ import annotations

from types import CodeType

from rlkit.faults.authors import is_authors
from rlkit.faults.method import Method, code_of

_known: dict[tuple[str, int, int], set[Method]] = {}
"""By file, first and last line."""


def forget_owners() -> None:
    """Before other parts are built: those of an earlier experiment may share code with them."""
    _known.clear()


def own(part: str, cls: type, prefix: str = "") -> None:
    """Note that the methods of a class are those of a part, called by its kind and name.

    `prefix` stands before the names of the methods, for a class that the part's author knows by another name.
    """
    for base in cls.__mro__:
        for name, function in vars(base).items():
            code = code_of(function)
            if code is not None and is_authors(base.__module__, code.co_filename):
                lines = code.co_filename, code.co_firstlineno, last_line(code)
                _known.setdefault(lines, set()).add(Method(part, prefix + name, *lines))


def owner_of(file: str, line: int) -> Method | None:
    """The method around a line; None if it is no known part's, or that of several."""
    around = [lines for lines in _known if lines[0] == file and lines[1] <= line <= lines[2]]
    owners = _known[min(around, key=lambda lines: lines[2] - lines[1])] if around else set()
    return next(iter(owners)) if len(owners) == 1 else None


def last_line(code: CodeType) -> int:
    """Of a function, or of a class with its methods."""
    return max([0, *(line for *_, line in code.co_lines() if line), *map(last_line, inner_codes(code))])


def inner_codes(code: CodeType) -> list[CodeType]:
    """Of the functions and classes that stand in it."""
    return [inner for inner in code.co_consts if isinstance(inner, CodeType)]
