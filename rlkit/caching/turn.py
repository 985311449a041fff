"""Taking turns: of the processes that want the same thing made, one makes it and the others wait for it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PATIENCE_SECONDS = 120.0
"""After which a process stops waiting and makes the thing as well."""
_POLL_SECONDS = 0.05


@contextlib.contextmanager
def turn(path: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Enter when no other process is within the turn of this path, or patience is over.

    A file `.<name>.lock` beside the path is locked meanwhile; the lock of a process that dies is released by the
    system. Where files cannot be locked, or the folder cannot be written, nobody waits: what is made twice is made
    for nothing, and no harm done.
    """
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            lock = path.with_name(f".{path.name}.lock")
            lock.parent.mkdir(parents=True, exist_ok=True)
            file = held.enter_context(open(lock, "a", encoding="utf-8"))
            if _locked(file, patience):
                # Those that wait have it open; whoever comes later makes a new one, and looks at what is there first.
                held.callback(lock.unlink, missing_ok=True)
        yield


def _locked(file: IO[str], patience: float) -> bool:
    if fcntl is None:
        return False
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_POLL_SECONDS)
