"""Which installed package registers an id, told from its source text: nothing is imported.

Only packages that need Gymnasium (or the old gym) are read, and only once an id was not found.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

_NEEDS = re.compile(r"(gymnasium|gym)\b(?!-)", re.IGNORECASE)
_KNOWN = ("rlkit-framework", "gymnasium")
"""Distributions whose ids need no module."""
_MOST_FILES, _LARGEST = 2000, 1 << 20


class Offer(NamedTuple):
    """An id that the text of a module registers."""

    package: str
    """The distribution that has it; empty for the current folder."""
    module: str
    """Whose import should register it: the top-level one."""
    written_in: str
    """The module that has the text."""
    id: str


def packages_of_environments() -> list[Distribution]:
    """The installed distributions that need Gymnasium or the old gym, but for those whose ids are known anyway."""
    found: dict[str, Distribution] = {}
    for distribution in distributions():
        if any(_NEEDS.match(needed) for needed in distribution.requires or ()):
            found.setdefault(distribution.name, distribution)
    return [found[name] for name in sorted(found) if name not in _KNOWN]


def offers_of(name: str, packages: list[Distribution]) -> list[Offer]:
    """Who registers an id, those first that have its very version and capital letters."""
    bare = re.sub(r"-v\d+$", "", name)
    written = re.compile(rf"""["']({re.escape(bare)}-v\d+)["']""", re.IGNORECASE)
    found: dict[tuple[str, str], Offer] = {}
    for package, module, file in _sources(packages):
        for id in _ids(file, written):
            found.setdefault((module, id), Offer(package, module.partition(".")[0], module, id))
    return sorted(found.values(), key=lambda offer: (offer.id != name, offer.id.partition("-v")[0] != bare, offer))


def nearest_module(module: str) -> str:
    """A module of the current folder, or of a package that needs Gymnasium, whose name is close to this one."""
    names = [package.name.replace("-", "_") for package in packages_of_environments()]
    with contextlib.suppress(OSError):
        names += [_module(file) for file in _here()]
    near = difflib.get_close_matches(module, names, 1, 0.7)
    return near[0] if near else ""


def _here() -> list[Path]:
    here = Path(os.curdir)
    return sorted([*here.glob("*.py"), *here.glob("*/__init__.py")])[:_MOST_FILES]


def _sources(packages: list[Distribution]) -> Iterator[tuple[str, str, Path]]:
    """Distribution, module and file of what may register environments, the current folder's first."""
    with contextlib.suppress(OSError):
        for file in _here():
            yield "", _module(file), file
    for distribution in packages:
        listed = [file for file in distribution.files or () if file.suffix == ".py" and ".." not in file.parts]
        if listed:
            for path in listed[:_MOST_FILES]:
                yield distribution.name, _module(path), Path(str(distribution.locate_file(path)))
            continue
        # one that is installed as editable lists no file of its own
        tops = (distribution.read_text("top_level.txt") or distribution.name.replace("-", "_")).split()
        for folder in [place for top in tops for place in _places(top)]:
            for place in sorted(folder.rglob("*.py"))[:_MOST_FILES]:
                yield distribution.name, _module(place.relative_to(folder.parent)), place


def _places(module: str) -> list[Path]:
    with contextlib.suppress(ImportError, ValueError, AttributeError):
        spec = find_spec(module)
        return [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    return []


def _module(file: Path | os.PathLike[str]) -> str:
    return ".".join(Path(file).with_suffix("").parts).removesuffix(".__init__")


def _ids(file: Path, written: re.Pattern[str]) -> list[str]:
    try:
        if file.stat().st_size > _LARGEST:
            return []
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return written.findall(text) if "register" in text else []
