"""Plugins as they were found: where each came from, what it cost to import, what is wrong with it."""

from __future__ import annotations

import hashlib
import importlib.util
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

BEGAN = time.time()
"""When this process began to look for plugins, in seconds since the epoch: it may have imported nothing newer."""
CORE_DISTRIBUTION = "rlkit-framework"
"""The distribution that rlkit itself, and the plugins it comes with, are installed from."""


@dataclass(frozen=True)
class Plugin:
    """An entry point of the group `rlkit` that could be imported."""

    name: str
    """Of the entry point."""
    distribution: str
    version: str
    module: str
    seconds: float
    """What its import and its hooks took."""
    loads_tensorflow: bool
    """Finding it imported TensorFlow or Keras. False if another plugin or the program had done so before."""
    tensorflow_use: str = ""
    """`file:line` of the statement that made it do so; empty if there is none."""

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hex, over the names and contents of the package's Python sources.

        The version of an editable or patched plugin proves nothing; this does. Empty if the sources are not files.
        """
        return source_digest(self.module)

    def __str__(self) -> str:
        return f"{self.name} ({self.distribution} {self.version})"


@dataclass(frozen=True)
class BrokenPlugin:
    """An entry point, or one component that it offers, that cannot be used."""

    name: str
    """Of the entry point."""
    distribution: str
    version: str
    error: str
    """One line for people."""
    details: str
    """The traceback, the plugin author's own frames first; the error again where there is none."""
    kind: str = ""
    """The kind of what is at fault; empty if it is the whole plugin."""
    component: str = ""
    """The component's name; empty if the plugin is at fault, or its hook of this kind."""

    def __str__(self) -> str:
        return f"{self.name} ({self.distribution} {self.version})"


def source_digest(module: str) -> str:
    """See `Plugin.digest`; of the package that `module` belongs to."""
    files = source_files(module)
    if not files:
        return ""
    digest = hashlib.sha256()
    for name, path in files:
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def changed_meanwhile(module: str) -> Path | None:
    """A source of the package that `module` belongs to which has changed since this process began; None for none.

    The process may run it as it was before, and the digest is of what it is now.
    """
    return next((path for _, path in source_files(module) if is_newer(path)), None)


def is_newer(path: Path) -> bool:
    """Whether a file has changed since this process began, or is gone."""
    try:
        return path.stat().st_mtime > BEGAN
    except OSError:
        return True


def source_files(module: str) -> list[tuple[str, Path]]:
    """The Python sources of the package that `module` belongs to: name relative to the package, and path; sorted.

    The package is the outermost one with an `__init__.py`, so that a namespace shared by several distributions is
    not taken for one of them. A module without a package is its own only source.
    """
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        try:
            spec = importlib.util.find_spec(".".join(parts[:length]))
        except (ImportError, ValueError):
            return []
        if spec is None or not spec.has_location or spec.origin is None:
            continue
        origin = Path(spec.origin)
        if not origin.is_file():
            return []
        if spec.submodule_search_locations is None:
            return [(origin.name, origin)]
        folder = origin.parent
        return sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*.py"))
    return []
