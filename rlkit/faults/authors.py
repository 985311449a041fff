"""The author's own frames in an error: outside rlkit, the libraries under it and Python's own."""

from __future__ import annotations

import re
import sys
import sysconfig
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FrameType, TracebackType

from rlkit.faults.part_error import PartError

_OTHERS = frozenset({"rlkit", "tensorflow", "keras", "ai_edge_litert", "gymnasium", "numpy", "matplotlib", "pluggy"})
DEFAULT_PARTS = ("rlkit_dqn", "rlkit_gymnasium", "rlkit_recorders", "rlkit_worlds")
"""The plugins that come with rlkit."""
_BOLD = re.compile(r"\x1b\[1m((?:(?!\x1b\[1m).)*?)\x1b\[0m", re.S)
"""What Keras sets in bold type: the message that it has wrapped."""
_DATACLASS = frozenset({"__setattr__", "__delattr__", "__init__", "__eq__", "__hash__", "__repr__", "__lt__"})
_REWRITTEN = "outer_factory.<locals>.inner_factory.<locals>.tf__"
"""Before the names of functions that AutoGraph has rewritten."""


def one_line(error: BaseException) -> str:
    """`ZeroDivisionError: division by zero`, and the first line only of a message of several.

    AutoGraph and Keras wrap an error in a message of their own, of which only what was raised is told. A PartError
    says by itself what it is.
    """
    text = text_of(error).replace(_REWRITTEN, "")
    keras = _BOLD.findall(text.replace(r"\x1b", "\x1b"))  # a KeyError's text is a repr
    if keras:
        text = keras[-1].replace(r"\n", "\n").rpartition("Error encountered:")[2]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    frames = [index for index, line in enumerate(lines) if line.startswith('File "')]
    if (
        lines and lines[0] == "Graph execution error:"
    ):  # of TensorFlow: then where the operation was made, then what failed
        lines = lines[frames[-1] + 1 :] if frames else lines[1:]
    if lines and lines[0] == "in user code:":
        return lines[min(frames[-1] + 2, len(lines) - 1) if frames else -1]  # after the frame's place and its code
    said = lines[0] if lines else ""
    if isinstance(error, PartError):
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def text_of(error: BaseException) -> str:
    """What an error says, in characters that can be written; some cannot even say it."""
    try:
        return str(error).encode(errors="backslashreplace").decode()
    except Exception:
        return "its text cannot be shown"


def is_authors(module: str, filename: str) -> bool:
    """Whether a module of this name, in this file, is somebody's own code."""
    package = module.partition(".")[0]
    # AutoGraph runs a rewritten copy of the author's function; its error message names the original lines
    generated = "__autograph_generated_file" in filename
    return (
        package not in _OTHERS and not generated and (package == "__main__" or package not in sys.stdlib_module_names)
    )


def is_written(code: CodeType) -> bool:
    """Whether somebody wrote a function, unlike those that `dataclasses` makes of text: frozen ones are among them."""
    return not (code.co_filename == "<string>" and code.co_name in _DATACLASS)


def where(error: BaseException, *, of_ours: bool = True) -> str:
    """The innermost line of the author's own code, as `file:line`; empty if there is none, or the message has it.

    Where nobody else's code took part that of a plugin that comes with rlkit, unless `of_ours` is False.
    """
    frames = [] if isinstance(error, PartError) else author_frames(error)
    if not of_ours and frames and is_within(frames[-1], DEFAULT_PARTS):
        return ""
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def author_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames outside rlkit, the libraries under it and Python's own, outermost first.

    Of an error and its causes the innermost one that has such frames speaks: it is where things first went wrong. The
    plugins that come with rlkit speak only where nobody else's code took part.
    """
    found: list[traceback.FrameSummary] = []
    own: list[traceback.FrameSummary] = []
    for cause in _with_causes(error):
        told = list(_in_user_code(text_of(cause)))
        places = {(frame.filename, frame.lineno) for frame in told}
        seen = traceback.StackSummary.extract(_authors(cause.__traceback__))
        frames = [*(frame for frame in seen if (frame.filename, frame.lineno) not in places), *told]
        found = [frame for frame in frames if not is_within(frame, DEFAULT_PARTS)] or found
        own = frames or own
    return found or own


def _in_user_code(message: str) -> Iterator[traceback.FrameSummary]:
    """The frames that AutoGraph tells in its message; the traceback has those of its rewritten copies."""
    for path, line, function in re.findall(r'File "(.+?)", line (\d+), in (\S+)', message):
        frame = traceback.FrameSummary(path, int(line), function)
        if not (path.startswith("<") or is_within(frame, _OTHERS) or _is_pythons(Path(path))):
            yield frame


def _is_pythons(path: Path) -> bool:
    """Whether a file is of Python itself, or a command that was installed."""
    places = {name: Path(place) for name, place in sysconfig.get_paths().items()}
    library = places["stdlib"] in path.parents and "site-packages" not in path.parts
    return library or path.parent == places["scripts"]


def is_within(frame: traceback.FrameSummary, packages: Iterable[str]) -> bool:
    """Whether a frame's file is of one of these packages, which are known if they have been imported."""
    files = [getattr(sys.modules.get(package), "__file__", None) for package in packages]
    return any(Path(file).parent in Path(frame.filename).parents for file in files if file)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _authors(tb: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    for frame, line in traceback.walk_tb(tb):
        code = frame.f_code
        if is_written(code) and is_authors(str(frame.f_globals.get("__name__", "")), code.co_filename):
            yield frame, line
