"""The author's own frames in an error: outside rlkit, the libraries under it and Python's own."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from types import FrameType, TracebackType

from rlkit.faults.part_error import PartError

_OTHERS = frozenset({"rlkit", "tensorflow", "keras", "ai_edge_litert", "gymnasium", "numpy", "matplotlib", "pluggy"})
_REWRITTEN = "outer_factory.<locals>.inner_factory.<locals>.tf__"
"""Before the names of functions that AutoGraph has rewritten."""


def one_line(error: BaseException) -> str:
    """`ZeroDivisionError: division by zero`, and the first line only of a message of several.

    AutoGraph wraps an error in a message of its own, whose last line is what was raised; Keras in one whose second
    paragraph is, in bold. A PartError says by itself what it is.
    """
    lines = [line.strip() for line in str(error).replace(_REWRITTEN, "").splitlines() if line.strip()]
    if lines and lines[0] == "in user code:":
        return lines[-1]
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling"):
        lines = [lines[1].removeprefix("\x1b[1m").removesuffix("\x1b[0m")]
    text = lines[0] if lines else ""
    if isinstance(error, PartError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def is_authors(module: str, filename: str) -> bool:
    """Whether a module of this name, in this file, is somebody's own code."""
    package = module.partition(".")[0]
    # AutoGraph runs a rewritten copy of the author's function; its error message names the original lines
    generated = "__autograph_generated_file" in filename
    return (
        package not in _OTHERS and not generated and (package == "__main__" or package not in sys.stdlib_module_names)
    )


def where(error: BaseException) -> str:
    """The innermost line of the author's own code, as `file:line`; empty if there is none, or the message has it."""
    frames = [] if isinstance(error, PartError) else author_frames(error)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def author_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames outside rlkit, the libraries under it and Python's own, outermost first.

    Of an error and its causes the innermost one that has such frames speaks: it is where things first went wrong.
    """
    found: list[traceback.FrameSummary] = []
    for cause in _with_causes(error):
        frames = traceback.StackSummary.extract(_authors(cause.__traceback__))
        found = list(frames) or found
    return found


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _authors(tb: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    for frame, line in traceback.walk_tb(tb):
        if is_authors(str(frame.f_globals.get("__name__", "")), frame.f_code.co_filename):
            yield frame, line
