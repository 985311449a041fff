"""What kind of thing a standard stream is; one may be missing, closed, or an object of a notebook's or a service's."""

from __future__ import annotations

import contextlib
import os
from typing import Any


def is_terminal(stream: Any) -> bool:
    """Whether a person watches, so that a line can be redrawn in place."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError, OSError):
        return False


def columns(stream: Any) -> int:
    """How wide it is; 80 if it does not say."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (AttributeError, ValueError, OSError):
        return 80


def say(text: str) -> None:
    """Print to standard output, if anybody can be reached: a run does not depend on who listens."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        print(text, flush=True)
