"""The page as a file, whose links lead to the runs' folders from where it lies."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rlkit.reporting.page import page


def write_page(document: Mapping[str, Any], path: Path) -> int:
    """Write the page; the file appears whole.

    Args:
        document: of a comparison; its folders are relative to the working folder.
        path: where to. Folders above it that are not there are made.

    Returns:
        Its size in bytes.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    written = page(document, links_from(path.parent)).encode()
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_bytes(written)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return len(written)


def links_from(start: Path) -> Callable[[str], str]:
    """What leads from this folder to others, as part of an address: relative, and ending in a slash."""
    here = os.path.realpath(start)
    return lambda folder: quote(os.fsencode(Path(os.path.relpath(os.path.realpath(folder), here)).as_posix())) + "/"
