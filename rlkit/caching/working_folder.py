"""A folder that one process has to itself, and that a later process clears away if it was left behind."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from rlkit.caching.locking import locked

_YOUNG = 60.0
"""Seconds for which a folder is left alone: its process may not have locked it yet."""
_OLD = 7 * 24 * 3600.0
"""Seconds after which one counts as left behind on a system without such locks."""
PREFIX = "rlkit-xla-"


class WorkingFolder:
    """`path` is this process's own while it lives: the lock on the file beside it says so, and ends with the process.

    Raises:
        OSError: it cannot be made.
    """

    def __init__(self, parent: Path) -> None:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = parent / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = open(_lock_of(self.path), "x", encoding="utf-8")  # noqa: SIM115  held open while the process lives
        locked(self._lock)
        self.path.mkdir(mode=0o700)

    def note(self, names: set[str]) -> None:
        """What `left_behind` tells of, should this process end without `remove`."""
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write("\n".join(sorted(names)))
        self._lock.flush()

    def remove(self) -> None:
        """Take the folder away."""
        _clear(self.path)
        self._lock.close()


def left_behind(parent: Path) -> Iterator[set[str]]:
    """Clear away the folders of processes that ended without doing so, and give what each had noted."""
    with contextlib.suppress(OSError):
        for lock in sorted(parent.glob(f"{PREFIX}*.lock")):
            with contextlib.suppress(OSError), open(lock, encoding="utf-8") as file:
                age = time.time() - os.fstat(file.fileno()).st_mtime
                if age < _YOUNG or not locked(file, otherwise=age > _OLD):
                    continue
                names = set(file.read().split("\n")) - {""}
                _clear(lock.with_suffix(""))
                yield names


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        _lock_of(folder).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
