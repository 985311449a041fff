"""What people are told who name a kind or a component that is not there, or that two plugins offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rlkit.catalogue.kinds import Kind
from rlkit.catalogue.nearest import did_you_mean

if TYPE_CHECKING:
    from rlkit.catalogue.catalogue import Catalogue, Entry
    from rlkit.catalogue.plugins import BrokenPlugin

_MOST_ERRORS = 2
"""Of broken plugins that one message tells; more are named only."""
_HOW = (
    "A plugin that offers it must be installed in this Python environment, where it is found by its entry point in "
    "the group 'rlkit' (see: rlkit plugins)"
)


def unknown_kind(name: str, catalogue: Catalogue) -> str:
    """The nearest kind, and all."""
    known = [word for kind in catalogue.kinds.values() for word in (kind.plural, kind.name)]
    kinds = ", ".join(sorted(kind.plural for kind in catalogue.kinds.values()))
    return f"found the kind {_quoted(name)}{did_you_mean(name, known) or ';'} kinds: {kinds}"


def unknown_component(kind: Kind, package: str, name: str, catalogue: Catalogue) -> str:
    """Why there is no such component, in one line: it is broken, misspelt, of another package or kind, or absent."""
    for plugin in catalogue.broken:
        if (plugin.kind, plugin.component) == (kind.name, name):
            return f"{kind.name} '{name}' cannot be used; plugin {plugin} is broken: {plugin.error}"
    entries = catalogue.entries(kind.name)
    shown = _quoted(name)
    names = list(dict.fromkeys(entry.name for entry in entries))
    if package and name in names:
        offers = ", ".join(spellings([entry for entry in entries if entry.name == name]))
        return f"no plugin of {_quoted(package)} offers {kind.name} {shown}; there is {offers}"
    nearest = did_you_mean(name, names)
    said = [f"found {kind.name} {shown}{nearest or ';'} installed: {', '.join(names) or 'none'}"]
    elsewhere = [other for other in catalogue.kinds if name in (entry.name for entry in catalogue.entries(other))]
    if elsewhere:
        said.append(f"There is a component {shown} of another kind: {', '.join(elsewhere)}")
    if not nearest:
        said.append(_HOW)
    said += [f"Plugin {plugin}: {plugin.error}" for plugin in catalogue.broken if _hook_of(plugin) == kind.name]
    return ". ".join([*said, *_failures(catalogue, brief=bool(nearest))])


def ambiguous_component(entries: Sequence[Entry]) -> str:
    """Who offers the name, and what to write instead."""
    pairs = zip(spellings(entries), entries, strict=True)
    offers = " and ".join(f"'{spelling}' of {entry.plugin}" for spelling, entry in pairs)
    return f"{entries[0].kind.name} '{entries[0].name}' is offered by {len(entries)} plugins; write one of {offers}"


def spellings(entries: Sequence[Entry]) -> list[str]:
    """Names that tell entries of one name apart: by distribution where that does, else by plugin."""
    by_distribution = [entry.qualified for entry in entries]
    if len(set(by_distribution)) == len(entries):
        return by_distribution
    return [f"{entry.plugin.name}:{entry.name}" for entry in entries]


def _hook_of(plugin: BrokenPlugin) -> str:
    """The kind whose hook is at fault; empty if something else is."""
    return "" if plugin.component else plugin.kind


def _failures(catalogue: Catalogue, *, brief: bool) -> list[str]:
    """The plugins that could not be loaded: they may be the ones that offer what is missing."""
    failed = [plugin for plugin in catalogue.broken if not plugin.component and not plugin.kind]
    if not failed:
        return []
    if brief or len(failed) > _MOST_ERRORS:
        names = ", ".join(dict.fromkeys(plugin.name for plugin in failed))
        return [f"Plugins that could not be loaded: {names} (why: rlkit plugins)"]
    return ["Plugins that could not be loaded: " + "; ".join(f"{plugin}: {plugin.error}" for plugin in failed)]


def _quoted(text: str) -> str:
    """In quotes, on one line, and not endless."""
    return repr(text if len(text) <= 60 else text[:59] + "…")
