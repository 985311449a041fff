"""Where somebody else's code failed, for the messages of parts that call it."""

from __future__ import annotations

from rlkit.faults.authors import DEFAULT_PARTS, author_frames, is_within


def raised_at(error: BaseException) -> str:
    """` (file:line)`, the innermost line outside rlkit, its plugins and the libraries under it; empty if there is none.

    To be put behind what is said of an error that was caught.
    """
    frames = [frame for frame in author_frames(error) if not is_within(frame, DEFAULT_PARTS)]
    frames = [frame for frame in frames if not frame.filename.startswith("<")]  # a dataclass's __init__ has no file
    return f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
