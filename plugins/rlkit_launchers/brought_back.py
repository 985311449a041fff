"""The files of a run that was carried out on another machine: told there, checked and put into its folder here."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

PACK_BYTES = 4 * 1024 * 1024
"""Sent at once at most: small files together, a large one in pieces."""


class Piece(NamedTuple):
    """A part of a file."""

    name: str
    offset: int
    size: int


class Told(NamedTuple):
    """A file that a run has left."""

    name: str
    """Relative to the run's folder, with `/`."""
    size: int
    sha256: str


class Damaged(Exception):
    """What came back is not what was told, or leads elsewhere; the text says which file."""


def told_of(folder: Path) -> tuple[list[Told], list[str]]:
    """The plain files below a folder, and the names of what else lies there: links, pipes, sockets."""
    files, others = [], []
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names + [name for name in folders if os.path.islink(os.path.join(parent, name))]):
            path = Path(parent, name)
            shown = path.relative_to(folder).as_posix()
            if stat.S_ISREG(path.lstat().st_mode):
                files.append(Told(shown, path.stat().st_size, _sha256(path)))
            else:
                others.append(shown)
    return files, others


def read_pieces(folder: Path, pieces: Sequence[Piece]) -> list[bytes]:
    """What stands in these parts of the files below a folder."""
    found = []
    for name, offset, size in pieces:
        with (folder / name).open("rb") as file:
            file.seek(offset)
            found.append(file.read(size))
    return found


class Incoming:
    """Files on their way into a run's folder: kept apart until all are there and are what was told."""

    def __init__(self, folder: Path, files: Sequence[Told]) -> None:
        """Raises Damaged for a name that leads out of the folder."""
        self._folder, self._files = folder, files
        self._apart = folder / ".incoming"
        for file in files:
            _check_name(file.name)
        if len({file.name for file in files}) < len(files):
            raise Damaged("a file of its is told twice")
        self._packs = _packs(files)
        self._pack: list[Piece] = []

    def wanted(self) -> list[Piece]:
        """What to ask for next; nothing if all is there."""
        self._pack = next(self._packs, [])
        return self._pack

    def add(self, contents: Sequence[bytes]) -> None:
        """Take what was wanted last. Raises Damaged, OSError."""
        for piece, content in zip(self._pack, contents, strict=True):
            if len(content) != piece.size:
                raise Damaged(f"{piece.name} is {piece.size - len(content)} bytes short")
            path = self._apart / piece.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(content)

    def settle(self) -> None:
        """Put the files into the folder, the run's own account of itself last. Raises Damaged, OSError."""
        for file in self._files:
            if _sha256(self._apart / file.name) != file.sha256:
                raise Damaged(f"{file.name} does not match the SHA-256 that was told of it")
        for file in sorted(self._files, key=lambda file: file.name == "run.json"):
            place = self._folder / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self._apart / file.name, place)

    def close(self) -> None:
        """Leave nothing of what did not become whole."""
        with contextlib.suppress(OSError):
            shutil.rmtree(self._apart)


def _check_name(name: str) -> None:
    path = PurePosixPath(name)
    inside = path.parts and not path.is_absolute() and ".." not in path.parts and path.parts[0] != ".incoming"
    if not inside or "\0" in name or (os.sep != "/" and (os.sep in name or ":" in name)):
        raise Damaged(f"the name {name!r} leads out of the run's folder")


def _packs(files: Sequence[Told]) -> Iterator[list[Piece]]:
    """All pieces, as many together as may be sent at once."""
    pack, size = list[Piece](), 0
    for file in files:
        for offset in range(0, max(file.size, 1), PACK_BYTES):
            piece = Piece(file.name, offset, min(PACK_BYTES, file.size - offset))
            if pack and size + piece.size > PACK_BYTES:
                yield pack
                pack, size = [], 0
            pack.append(piece)
            size += piece.size
    if pack:
        yield pack


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
