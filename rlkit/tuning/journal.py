"""The journal of a search: every trial as Optuna keeps it, in a file that optuna-dashboard reads."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.caching.locking import locked
from rlkit.tuning.quiet import quiet_optuna

if TYPE_CHECKING:
    import optuna

FILE = "journal.log"


class FolderLock:
    """Held by one process at a time; the system gives it up for a process that ends, however it ends.

    It serves Optuna as the lock of its journal, and may be taken again by the process that has it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: Any = None
        self._depth = 0

    def acquire(self) -> bool:
        """Wait for it."""
        if self._depth == 0:
            self._file = open(self._path, "a", encoding="utf-8")  # noqa: SIM115
            with contextlib.suppress(ImportError):  # no such locks here
                import fcntl

                fcntl.flock(self._file, fcntl.LOCK_EX)
        self._depth += 1
        return True

    def release(self) -> None:
        """Give it up."""
        self._depth -= 1
        if self._depth == 0:
            self._file.close()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


def open_journal(folder: Path, lock: FolderLock) -> optuna.storages.JournalStorage:
    """The storage of a tuning's folder.

    Raises:
        OSError: the file cannot be read or written.
        ValueError: it is no journal of Optuna's.
    """
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    file = folder / FILE
    with lock, quiet_optuna():
        _mend(file)
        _check(file)
        return JournalStorage(JournalFileBackend(str(file), lock_obj=lock))


def _mend(file: Path) -> None:
    """Forget a last line of which a process that was killed has written a part."""
    with contextlib.suppress(FileNotFoundError), file.open("rb+") as journal:
        size = journal.seek(0, os.SEEK_END)
        back = min(size, 1 << 20)
        journal.seek(size - back)
        tail = journal.read()
        if tail and not tail.endswith(b"\n"):
            journal.truncate(size - back + tail.rfind(b"\n") + 1)


def _check(file: Path) -> None:
    """Raise ValueError for a line that is no row of a journal, which Optuna would tell without its place."""
    with contextlib.suppress(FileNotFoundError), file.open("rb") as journal:
        for number, line in enumerate(journal, start=1):
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict) or "op_code" not in row:
                raise ValueError(f"line {number} is no row of a journal; the file was damaged after it was written")


class Worker:
    """This process among those that work on one search; others see whether it lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / ".workers"
        self.name = f"{os.getpid()}-{os.urandom(3).hex()}"
        self._file: Any = None

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """While entered, `lives` is true of this process, in every process."""
        self._folder.mkdir(exist_ok=True)
        path = self._folder / self.name
        with path.open("w", encoding="utf-8") as file:
            locked(file)
            try:
                yield
            finally:
                path.unlink(missing_ok=True)

    def lives(self, name: object) -> bool:
        """Whether the process of that name still works."""
        path = self._folder / str(name)
        if not name or path.parent != self._folder or not path.exists():
            return False
        if name == self.name:
            return True
        with path.open("a", encoding="utf-8") as file:
            dead = locked(file)
        if dead:
            path.unlink(missing_ok=True)
        return not dead
