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
    """Whose import should register it: the shortest name from which the text of each package names the next part."""
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
    whole, tail = re.escape(bare), re.escape(bare.rpartition("/")[2])
    # Without a version or in another namespace only where the text registers it: such words are common elsewhere.
    written = re.compile(
        rf"""["']({whole}-v\d+)["']|(?:\bid\s*=|\bregister\()\s*["']((?:[\w.-]+/)?{tail}(?:-v\d+)?)["']""",
        re.IGNORECASE,
    )
    found: dict[tuple[str, str], Offer] = {}
    for package, module, file in _sources(packages):
        for id in ("".join(groups) for groups in written.findall(_registering(file))):
            found.setdefault((module, id), Offer(package, _importing(module, file), module, id))
    return sorted(found.values(), key=lambda offer: (offer.id != name, offer.id.partition("-v")[0] != bare, offer))


def offers_of_namespace(name: str, packages: list[Distribution]) -> list[Offer]:
    """Who registers ids in the namespace of this one whose names are put together when the module is imported."""
    namespace, slash, _ = name.rpartition("/")
    made = re.compile(rf"""["']{re.escape(namespace)}/(?:\{{|["'])""")
    return [
        Offer(package, _importing(module, file), module, name)
        for package, module, file in (_sources(packages) if slash else ())
        if made.search(_registering(file))
    ]


def namesakes(name: str) -> list[Distribution]:
    """The installed distributions, whatever they need, whose name is the beginning of an id: gym is often optional."""
    plain = _plain(name)
    named = [(found, _plain(found.name or "")) for found in distributions()]  # remains of a removed one have none
    return [found for found, its_own in named if len(its_own) > 3 and plain.startswith(its_own)]


def registers(offer: Offer, name: str) -> str:
    """A clause: who registers an id, and how it is written."""
    who = f"the installed package {offer.package}" if offer.package else f"{offer.module} in the current folder"
    return f"{who} registers {'it' if offer.id == name else offer.id}: {offer.module}:{offer.id}"


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


def _plain(name: str) -> str:
    return re.sub(r"[-_.]", "", name).lower()


def _importing(module: str, file: Path) -> str:
    """The package whose import reaches a module, as far as the packages' text says so; else the module itself."""
    parts, folder = module.split("."), file.parent if file.stem == "__init__" else file
    while len(parts) > 1:
        folder = folder.parent
        if not re.search(rf"\b{re.escape(parts[-1])}\b", _text(folder / "__init__.py")):
            break
        parts.pop()
    return ".".join(parts)


def _registering(file: Path) -> str:
    """The text of a module that registers something; of others nothing."""
    text = _text(file)
    return text if "register" in text else ""


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace") if file.stat().st_size <= _LARGEST else ""
    except OSError:
        return ""
