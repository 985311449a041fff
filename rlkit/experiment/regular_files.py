"""Files that can be read to their end: no named pipe that waits for somebody, no device without an end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_OTHERS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def check_regular(path: Path) -> None:
    """Raise OSError for a pipe, a socket or a device, and where there is nothing; a folder is left to who opens it."""
    mode = os.stat(path).st_mode
    for is_such, what in _OTHERS:
        if is_such(mode):
            raise OSError(errno.EINVAL, f"it is {what}; allowed: a regular file", str(path))


def read_bytes(path: Path) -> bytes:
    """What a regular file holds. Raises OSError."""
    check_regular(path)
    return path.read_bytes()


def is_open_pipe(path: Path) -> bool:
    """Whether it is a pipe that a shell has opened, as in `rlkit run <(…)`, which has a writer."""
    return str(path).startswith(("/dev/", "/proc/")) and stat.S_ISFIFO(os.stat(path).st_mode)
