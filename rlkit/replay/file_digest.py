"""The SHA-256 of a file, worked out once for a check and a run of the same process."""

from __future__ import annotations

import functools
import hashlib
import os
from pathlib import Path


def file_digest(path: Path) -> str:
    """In hexadecimal; anew where the file is another, or was written to. Raises OSError."""
    found = os.stat(path)
    return _digest(path, (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns))


@functools.lru_cache(maxsize=64)
def _digest(path: Path, _: tuple[int, ...]) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
