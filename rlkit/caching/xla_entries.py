"""Compiled XLA programs on disk: each entry carries the SHA-256 of its content in its name, and is never changed.

An entry appears by one rename and is named `<TensorFlow's name for it>.pb.<sha256>`, so a reader needs no lock and no
list: what does not match its name is damaged, whatever damaged it, and is thrown away.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from rlkit.caching.protobuf import field_numbers

_SUM_LENGTH = 64
_EXECUTABLE_FIELD = 3
"""Of TensorFlow's message `XlaSerializedCacheEntry`: the key is 1, the HLO module 2, the machine code 3."""


def fetch(store: Path, working: Path) -> set[str]:
    """Put every sound entry of a store into a working folder under its plain name; the names there.

    Damaged entries, and files that are none, are removed from the store.
    """
    fetched: set[str] = set()
    for stored in _files(store):
        name, _, wanted = stored.name.rpartition(".")
        if len(wanted) != _SUM_LENGTH or not name.endswith(".pb"):
            _remove(stored)
            continue
        if name in fetched:
            continue
        if _link(stored, working / name) and _sum(working / name) == wanted:
            fetched.add(name)
        else:
            _remove(working / name)
            _remove(stored)
    return fetched


def keep(working: Path, names: Iterable[str], store: Path) -> set[str]:
    """Put entries that TensorFlow wrote into the store, where it lacks them; the names of those that were whole.

    Raises:
        OSError: the file system refused.
    """
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = {stored.name.rpartition(".")[0] for stored in _files(store)}
    kept: set[str] = set()
    for name in names:
        try:
            content = (working / name).read_bytes()
        except FileNotFoundError:
            continue
        if not is_whole(content):
            continue
        kept.add(name)
        if name in there:
            continue
        final = store / f"{name}.{hashlib.sha256(content).hexdigest()}"
        temporary = final.with_name(f".{final.name}.{os.getpid()}.tmp")
        try:
            temporary.write_bytes(content)
            os.replace(temporary, final)
        finally:
            _remove(temporary)
    return kept


def drop(names: Iterable[str], store: Path) -> None:
    """Forget entries, whatever their content."""
    unwanted = set(names)
    for stored in _files(store):
        if stored.name.rpartition(".")[0] in unwanted:
            _remove(stored)


def shrink(folder: Path, limit: int) -> None:
    """Remove the oldest files of a folder's folders until all take at most `limit` bytes; then folders without any."""
    found: list[tuple[float, int, Path]] = []
    for store in _folders(folder):
        for file in _files(store, hidden=True):
            with contextlib.suppress(OSError):
                status = file.stat()
                found.append((status.st_mtime, status.st_size, file))
    excess = sum(size for _, size, _ in found) - limit
    for _, size, file in sorted(found):
        if excess <= 0:
            break
        _remove(file)
        excess -= size
    for store in _folders(folder):
        with contextlib.suppress(OSError):
            store.rmdir()  # refuses a folder that holds anything


def is_whole(content: bytes) -> bool:
    """Whether this is an entry from its beginning to its end: one cut short, by a full disk for one, is not."""
    try:
        return _EXECUTABLE_FIELD in field_numbers(content)
    except ValueError:
        return False


def _files(folder: Path, *, hidden: bool = False) -> Iterator[Path]:
    """The files of a folder, in order; of hidden ones another process may write, so they are left out by default."""
    with contextlib.suppress(OSError):
        yield from sorted(
            path for path in folder.iterdir() if path.is_file() and (hidden or not path.name.startswith("."))
        )


def _folders(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_dir()]
    except OSError:
        return []


def _link(source: Path, target: Path) -> bool:
    """Another name for a file, a copy where the file system has no such thing; False if it is gone."""
    try:
        os.link(source, target)
    except OSError:
        try:
            shutil.copyfile(source, target)
        except OSError:
            return False
    return True


def _sum(path: Path) -> str:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
