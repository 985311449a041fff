"""Entries of the cache: files that are whole and as they were written, or are no entries.

An entry begins with a line that holds the SHA-256 of all that follows: a line for people, then the content. Processes
write entries at the same time without knowing of one another: each file appears whole, and the last one stays.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rlkit.caching.atomic import WriteError, atomic_file

SUFFIX = ".entry"
LIMIT_VARIABLE = "RLKIT_CACHE_MB"
"""The environment variable that says how many megabytes a folder of entries may hold."""
_LIMIT_MB = 512
_MAGIC = b"rlkit cache entry 1 "
_ABANDONED_SECONDS = 3600.0
"""After which a file that was being written belongs to nobody any more."""


class DamagedEntry(ValueError):
    """A file in an entry's place that is not what was written there; its text says why, in a few words."""


class Found(NamedTuple):
    """A file of the cache."""

    path: Path
    size: int
    used: float
    """When it was last used, in seconds since the epoch."""


def read_entry(path: Path) -> bytes | None:
    """The content of an entry, None if there is none; it then is the one used last.

    Raises:
        DamagedEntry: the file is damaged or foreign, or cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedEntry(f"it cannot be read: {error.strerror}") from error
    head, _, rest = content.partition(b"\n")
    if not head.startswith(_MAGIC):
        raise DamagedEntry("it is no entry of this cache")
    if hashlib.sha256(rest).hexdigest().encode() != head.removeprefix(_MAGIC):
        raise DamagedEntry("it does not match its SHA-256")
    with contextlib.suppress(OSError):  # a folder that cannot be written serves all the same
        os.utime(path)
    return rest.partition(b"\n")[2]


def label_of(path: Path) -> str:
    """What an entry's line for people says; empty if there is no such entry. Nothing else of it is read or checked."""
    try:
        with open(path, "rb") as file:
            head, label = file.readline(200), file.readline(200)
    except OSError:
        return ""
    return label.decode(errors="replace").strip() if head.startswith(_MAGIC) else ""


def write_entry(path: Path, content: bytes, label: str) -> None:
    """Write an entry, whole or not at all; the entries beside it that were used longest ago make room.

    Args:
        path: ends in `SUFFIX`; its folder need not exist.
        content: what `read_entry` returns.
        label: for people, in a few words.

    Raises:
        WriteError: the file system refused.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(path, error) from error
    rest = " ".join(label.split())[:120].encode() + b"\n" + content
    with atomic_file(path) as file:
        file.write(_MAGIC + hashlib.sha256(rest).hexdigest().encode() + b"\n")
        file.write(rest)
    make_room(path.parent, limit_bytes())


def limit_bytes() -> int:
    """How much a folder of entries may hold: `RLKIT_CACHE_MB` megabytes, or 512 where that says nothing sensible."""
    told = os.environ.get(LIMIT_VARIABLE, "")
    return (int(told) if told.isdecimal() else _LIMIT_MB) * 1_000_000


def make_room(folder: Path, limit: int) -> None:
    """Remove what was used longest ago until the rest takes no more than `limit` bytes, and what nobody finished."""
    found = sorted(entries_in(folder), key=lambda file: file.used)
    total = sum(file.size for file in found)
    for file in found:
        abandoned = _unfinished(file.path) and time.time() - file.used > _ABANDONED_SECONDS
        if total > limit or abandoned:
            total -= file.size
            with contextlib.suppress(OSError):  # another process may have removed it
                file.path.unlink()


def entries_in(folder: Path) -> list[Found]:
    """The entries of a folder, and what is or was being written to become one; other files are not ours."""
    return [file for file in files_in(folder) if file.path.suffix == SUFFIX or _unfinished(file.path)]


def _unfinished(path: Path) -> bool:
    return path.name.startswith(".") and path.suffix == ".tmp" and SUFFIX in path.suffixes


def files_in(folder: Path) -> Iterator[Found]:
    """All files below a folder, which need not exist."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            with contextlib.suppress(OSError):
                told = path.stat()
                yield Found(path, told.st_size, told.st_mtime)
