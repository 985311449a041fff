"""What a plugin raised, told to the person who runs it (one line) and to its author (a traceback)."""

from __future__ import annotations

import traceback
from collections.abc import Iterable

from rlkit.faults.authors import is_written

LONGEST = 300


class PluginError(Exception):
    """What rlkit itself finds wrong with a plugin. The message says all that its author needs."""


def one_line(error: BaseException, module: str) -> str:
    """What went wrong, in one line, with the innermost place in the plugin's own package.

    Args:
        error: raised when the plugin was imported or one of its hooks called.
        module: that the entry point names.
    """
    if isinstance(error, PluginError):
        return str(error)
    package = module.partition(".")[0]
    text = " ".join(str(error).split())
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if isinstance(error, SystemExit):
        said = f"it exits the interpreter ({said})"
    elif isinstance(error, ModuleNotFoundError) and error.name:
        missing = error.name.partition(".")[0]
        if module == error.name or module.startswith(error.name + "."):
            said = f"its entry point names the module '{module}', which cannot be found ({said})"
        elif missing != package:
            said = f"it needs the package '{missing}', which is not installed ({said})"
    if isinstance(error, SyntaxError) and error.filename:
        return f"{type(error).__name__}: {error.msg} at {error.filename}:{error.lineno}"
    frames = own_frames(error, package)
    return f"{said} at {frames[-1].filename}:{frames[-1].lineno}" if frames else said


def shown(value: object) -> str:
    """A value that should have been another: `True (bool)`, on one line and not endless."""
    text = " ".join(repr(value).split())
    return f"{text if len(text) <= 60 else text[:59] + '…'} ({type(value).__name__})"


def traceback_text(error: BaseException, module: str) -> str:
    """The traceback with the plugin's own frames first, then the whole of it."""
    if isinstance(error, PluginError):
        return str(error)
    whole = "".join(traceback.format_exception(error)).rstrip()
    frames = own_frames(error, module.partition(".")[0])
    if not frames:
        return whole
    own = "".join(traceback.format_list(frames)).rstrip()
    return f"In the plugin's own code, innermost last:\n{own}\n\n{whole}"


def own_frames(error: BaseException, package: str) -> list[traceback.FrameSummary]:
    """The frames that ran in `package`, outermost first."""
    own: Iterable[tuple[object, int]] = (
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] == package and is_written(frame.f_code)
    )
    return list(traceback.StackSummary.extract(own))  # type: ignore[arg-type]
