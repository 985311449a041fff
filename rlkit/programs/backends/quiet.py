"""Keep the native libraries' chatter off standard error."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Send file descriptor 2 elsewhere: C++ code writes there directly, past Python's `sys.stderr`.

    What an exception says is not lost: errors come as exceptions, only log lines are dropped.
    """
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (OSError, ValueError, AttributeError):  # no standard error to be quiet about
        yield
        return
    with tempfile.TemporaryFile() as elsewhere:
        os.dup2(elsewhere.fileno(), 2)
        try:
            yield
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)


@contextlib.contextmanager
def quiet_autograph() -> Iterator[None]:
    """Drop AutoGraph's warning on functions it leaves as they are, such as one whose body is a docstring."""
    logger = logging.getLogger("tensorflow")

    def keep(record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith("AutoGraph could not transform")

    logger.addFilter(keep)
    try:
        yield
    finally:
        logger.removeFilter(keep)
