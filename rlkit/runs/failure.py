"""An error told to the author of the code that raised it: their own frames first, then everything."""

from __future__ import annotations

import traceback

from rlkit.faults.authors import author_frames, one_line


def describe_failure(error: BaseException, message: str = "") -> str:
    """The text of error.txt.

    Args:
        error: what was raised, with its causes.
        message: one paragraph for people, put first; by default the error itself.
    """
    parts = [message or one_line(error)]
    frames = author_frames(error)
    if frames:
        parts.append("In the author's own code, innermost last:\n" + "".join(traceback.format_list(frames)).rstrip())
    parts.append("".join(traceback.format_exception(error)).rstrip())
    return "\n\n".join(parts) + "\n"
