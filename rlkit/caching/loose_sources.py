"""Sources that no version speaks for: modules outside the installed packages, as authors have while they write them."""

from __future__ import annotations

import contextlib
import hashlib
import site
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

_AUTOGRAPH = "__autograph_generated_file"
"""What TensorFlow calls modules that it writes for itself, and takes away again."""


def loose_sources(packages: Iterable[str]) -> dict[str, str]:
    """SHA-256 by path of the source of each imported module that lies outside the interpreter's own folders.

    Args:
        packages: top-level packages left out, since they are looked after otherwise.
    """
    left_out = {*packages, "__main__", "__mp_main__"}
    installed = _installed()
    found = {}
    for name, module in sorted(sys.modules.items()):
        # Not by getattr: the module may be a stand-in that imports another at the first look.
        file = getattr(module, "__dict__", {}).get("__file__")
        if name.partition(".")[0] in left_out or name.startswith(_AUTOGRAPH):
            continue
        if not isinstance(file, str) or not file.endswith(".py"):
            continue
        path = Path(file).resolve()
        if not any(path.is_relative_to(folder) for folder in installed):
            with contextlib.suppress(OSError):
                found[str(path)] = _digest(path)
    return found


def changed_source(sources: Mapping[str, str]) -> str | None:
    """The first of these paths whose content has changed, or that cannot be read any more; None if all are the same."""
    for path, digest in sources.items():
        try:
            if _digest(Path(path)) != digest:
                return path
        except OSError:
            return path
    return None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _installed() -> list[Path]:
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return [Path(path).resolve() for path in {*paths, *site.getsitepackages(), site.getusersitepackages()}]
