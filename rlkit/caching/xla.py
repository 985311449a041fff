"""XLA's persistent compilation cache, in the user's cache folder.

TensorFlow can write each program that it has compiled into a folder, and load it from there instead of compiling it
again. As TensorFlow does it, a damaged entry ends the run with an error or, if its machine code is damaged, in any
way at all; an entry that another process is writing is a damaged one; and nothing tells the compiler's flags or the
processor apart (all tried, see docs/decisions). So TensorFlow gets a folder of this process's own, filled with
entries whose SHA-256 was checked; what it adds there goes into the common store once it is complete.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import stat
import sys
from pathlib import Path

from rlkit.caching import xla_entries
from rlkit.caching.folder import cache_folder
from rlkit.caching.working_folder import PREFIX, WorkingFolder, left_behind
from rlkit.caching.xla_key import xla_key

LIMIT = 256 * 2**20
"""Bytes that all entries together may take; beyond, the oldest go."""
_ROOM = 64 * 2**20
"""Free bytes below which nothing is cached: TensorFlow fails where it cannot write an entry."""
_FLAGS, _DIRECTORY = "TF_XLA_FLAGS", "--tf_xla_persistent_cache_directory"


class XlaCache:
    """What `use_xla_cache` decided for this process, and what is to be done once programs are compiled."""

    def __init__(self, folder: Path | None, why_not: str, working: WorkingFolder | None = None) -> None:
        self.folder = folder
        """Where entries are kept, or None if nothing is cached."""
        self.why_not = why_not
        """Why nothing is cached, as half a sentence; empty if it is."""
        self._working = working
        self._fetched: set[str] = set()
        if folder is not None and working is not None:
            self._fetched = xla_entries.fetch(folder, working.path)
            working.note(self._fetched)

    @property
    def fetched(self) -> int:
        """How many entries were there to begin with."""
        return len(self._fetched)

    def keep(self) -> int:
        """Store what TensorFlow compiled since; how many entries that were. A full disk keeps nothing.

        To be called when a program has been compiled and has run, and no other is being compiled; it is called at the
        end of the process in any case.
        """
        if self.folder is None or self._working is None:
            return 0
        written = {path.name for path in self._working.path.glob("*.pb")} - self._fetched
        kept: set[str] = set()
        with contextlib.suppress(OSError):
            kept = xla_entries.keep(self._working.path, written, self.folder)
            xla_entries.shrink(self.folder.parent, LIMIT)
        self._fetched |= kept
        self._working.note(set())  # those at hand have served
        return len(kept)

    def drop(self) -> None:
        """Forget every entry at hand, as when TensorFlow could not load one: the next compilation starts afresh."""
        if self.folder is None or self._working is None:
            return
        xla_entries.drop(self._fetched, self.folder)
        self._empty()

    def _empty(self) -> None:
        self._fetched = set()
        if self._working is not None:
            self._working.note(set())
            for path in self._working.path.glob("*.pb"):
                path.unlink(missing_ok=True)

    def _end(self) -> None:
        self.keep()
        if self._working is not None:
            self._working.remove()


_process: XlaCache | None = None
"""TensorFlow reads its flags once, so a process has one working folder, whichever stores it is filled from."""


def use_xla_cache(enabled: bool) -> XlaCache:
    """Let TensorFlow keep compiled XLA programs, and use those that it kept earlier.

    Call it before TensorFlow makes its first tensor, variable or list of devices (importing it is no harm), and after
    XLA_FLAGS is as it will be. A folder that the user gave in TF_XLA_FLAGS is left to TensorFlow and to them. A
    second call in a process starts afresh with what is stored by then; with `enabled` false nothing stored is used or
    added any more. Whatever stands in the way of caching is no error: `why_not` of the answer tells it.

    Args:
        enabled: False for no cache.

    Returns:
        The process's cache; call its `keep()` after compiling.
    """
    global _process  # noqa: PLW0603  there is one set of flags a process too
    working = _process._working if _process is not None else None
    if _process is not None:
        _process.keep()
        _process._empty()
        atexit.unregister(_process._end)
    try:
        cache = _decide(enabled, working)
    except OSError as error:
        cache = XlaCache(None, f"{error.filename or cache_folder()} cannot be used: {error.strerror or error}", working)
    if cache._working is not None:
        _process = cache
        atexit.register(cache._end)
    return cache


def _decide(enabled: bool, working: WorkingFolder | None) -> XlaCache:
    if not enabled:
        return XlaCache(None, "it is turned off", working)
    flags = os.environ.get(_FLAGS, "")
    given = _without_ours(flags)
    if _DIRECTORY in given or (given and not given.startswith("--")):  # the latter names a file of flags
        return XlaCache(None, f"{_FLAGS} is set: {given}", working)
    if working is None and _has_begun():
        return XlaCache(None, "TensorFlow was in use before")
    root = cache_folder() / "xla"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_private(root)
    if shutil.disk_usage(root).free < _ROOM:
        return XlaCache(None, f"less than {_ROOM // 2**20} MiB are free in {root}", working)
    os.environ[_FLAGS] = given
    store = root / "entries" / xla_key()
    for untrusted in left_behind(root / "working"):  # a process may have died of an entry: compiled again, it is safe
        for each in store.parent.glob("*"):
            xla_entries.drop(untrusted, each)
    if working is None:
        working = WorkingFolder(root / "working")
    if '"' in str(working.path):
        working.remove()
        return XlaCache(None, f"TensorFlow's flags cannot name {root}")
    os.environ[_FLAGS] = f'{given} {_DIRECTORY}="{working.path}"'.strip()
    return XlaCache(store, "", working)


def _without_ours(flags: str) -> str:
    """TF_XLA_FLAGS without the folder of this process, or of the one that started it."""
    return re.sub(rf'{_DIRECTORY}="[^"]*{PREFIX}[^"]*"', "", flags).strip()


def _has_begun() -> bool:
    """Whether TensorFlow has read its flags: it does when its context, the owner of devices, begins."""
    module = sys.modules.get("tensorflow.python.eager.context")
    context = getattr(module, "_context", None)
    return bool(getattr(context, "_initialized", False))


def _check_private(folder: Path) -> None:
    """Raise PermissionError if others can write there: what is loaded from it is executed."""
    if not hasattr(os, "getuid"):
        return
    status = folder.stat()
    if status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(1, "others can write there", str(folder))
