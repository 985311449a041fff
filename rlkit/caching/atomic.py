"""Files that are either whole or not there: written beside their place, synced, then renamed into it."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedRandom


class WriteError(OSError):
    """A file that could not be written; its text is a sentence for people."""

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(f"cannot write {path}: {cause.strerror or cause}")


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[BufferedRandom]:
    """A binary file, open for writing and reading, that becomes `path` when the block ends without an error.

    Until then, and after an error or a crash, whatever was at `path` stays as it was. A crash can leave a hidden
    file `.<name>.<random>.tmp` behind.

    Raises:
        WriteError: the file system refused.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and not isinstance(error, WriteError):
            raise WriteError(path, error) from error
        raise


def write_atomically(path: Path, text: str) -> None:
    """Write a UTF-8 text file whole or not at all, lone surrogates as escapes. Raises WriteError."""
    with atomic_file(path) as file:
        file.write(text.encode(errors="backslashreplace"))


def sync_folder(folder: Path) -> None:
    """Make renames within a folder survive a power cut, where the system can (Windows cannot open a folder)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
