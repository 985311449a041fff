"""Where an author's own code did something: the innermost line outside rlkit and the libraries under it."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import NamedTuple, Protocol

import keras
import numpy as np
import tensorflow as tf

import rlkit
from rlkit.programs.verifying.owners import inner_codes, last_line, owner_of


class Frame(Protocol):
    """What a traceback holds, TensorFlow's and Python's alike."""

    @property
    def filename(self) -> str: ...  # noqa: D102

    @property
    def lineno(self) -> int | None: ...  # noqa: D102

    @property
    def name(self) -> str: ...  # noqa: D102


class Place(NamedTuple):
    """A line of somebody's code; as text with the kind and name of its part, or the function where none is known."""

    file: str
    line: int
    function: str
    """`EpsilonGreedy.select`, or the bare name of a function that is found nowhere."""

    def __str__(self) -> str:
        place, owner = f"{self.file}:{self.line}", owner_of(self.file, self.line)
        return owner.at(place) if owner else f"{self.function} ({place})"


def author_place(frames: Iterable[Frame]) -> Place | None:
    """The innermost frame that is an author's, None if there is none.

    Args:
        frames: outermost first, as `traceback.extract_stack` and an operation's `traceback` have them.
    """
    own = [frame for frame in frames if not is_library(frame.filename)]
    return Place(own[-1].filename, own[-1].lineno or 0, _qualified(own[-1])) if own else None


def calling_place() -> Place | None:
    """The innermost author's frame of those that are being executed."""
    frame = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if not is_library(code.co_filename):
            return Place(code.co_filename, frame.f_lineno, code.co_qualname.replace(".<locals>", ""))
        frame = frame.f_back  # type: ignore[assignment]
    return None


@cache
def is_library(file: str) -> bool:
    """Whether a file belongs to rlkit, a library under it, or Python."""
    if file.startswith("<frozen"):
        return True
    if any(file.startswith(folder) for folder in _LIBRARIES):
        return True
    return file.startswith(_PYTHON) and "-packages" not in file


def _folder(module: object) -> str:
    return str(Path(str(getattr(module, "__file__", ""))).parent) + "/"


_LIBRARIES = tuple(_folder(module) for module in (rlkit, tf, keras, np))
_PYTHON = sysconfig.get_path("stdlib") + "/"


def _qualified(frame: Frame) -> str:
    """The name of the innermost function around a line, its class before it."""
    loaded = [module for module in list(sys.modules.values()) if getattr(module, "__file__", None) == frame.filename]
    pending, name = [code for module in loaded for code in _codes(module)], frame.name
    while pending:
        code = pending.pop()
        if code.co_filename == frame.filename and code.co_firstlineno <= (frame.lineno or 0) <= last_line(code):
            name = code.co_qualname.replace(".<locals>", "")
            pending = inner_codes(code)
    return name


def _codes(module: object) -> Iterator[CodeType]:
    """Of the functions of a module, and of its classes."""
    for value in list(vars(module).values()):
        for function in vars(value).values() if isinstance(value, type) else (value,):
            code = getattr(getattr(function, "fget", function), "__code__", None)
            if isinstance(code, CodeType):
                yield code
