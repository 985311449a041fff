"""What is installed: (kind, name) to component, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rlkit.catalogue.kinds import Kind, kinds_in
from rlkit.catalogue.nearest import did_you_mean
from rlkit.catalogue.plugins import BrokenPlugin, Plugin


@dataclass(frozen=True)
class Entry:
    """A component under the name that a plugin gave it."""

    kind: Kind
    name: str
    component: type
    plugin: Plugin

    @property
    def qualified(self) -> str:
        """`distribution:name`, which an experiment file may use instead of the name."""
        return f"{self.plugin.distribution}:{self.name}"


class UnknownKind(LookupError):
    """No plugin defines a kind of this name. The message is for the person who wrote it."""


class UnknownComponent(LookupError):
    """No plugin offers a component of this kind and name. The message is for the person who wrote it."""


class AmbiguousComponent(LookupError):
    """Several plugins offer a component of this kind and name. The message names them."""


class Catalogue:
    """All components of all plugins that work, and the plugins that do not."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        entries: Iterable[Entry] = (),
        plugins: Iterable[Plugin] = (),
        broken: Iterable[BrokenPlugin] = (),
    ) -> None:
        self.kinds = dict(kinds)
        self.plugins = tuple(plugins)
        self.broken = tuple(broken)
        ordered = sorted(entries, key=lambda entry: (entry.name, entry.qualified, entry.plugin.name))
        self._entries = {name: tuple(e for e in ordered if e.kind.name == name) for name in self.kinds}
        self._by_component = {entry.component: entry for entry in reversed(ordered)}

    def kind(self, name: str) -> Kind:
        """The kind called `name`, in the singular or the plural. Raises UnknownKind."""
        spelled = name.replace("-", "_")
        for kind in self.kinds.values():
            if spelled in (kind.name, kind.plural):
                return kind
        known = [word for kind in self.kinds.values() for word in (kind.plural, kind.name)]
        kinds = ", ".join(sorted(kind.plural for kind in self.kinds.values()))
        raise UnknownKind(f"found the kind {_quoted(name)}{did_you_mean(name, known) or ';'} kinds: {kinds}")

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """All components of a kind, by name. Raises UnknownKind."""
        return self._entries[self.kind(kind).name]

    def find(self, kind: str, name: str) -> Entry:
        """The component of this kind that is called `name` or `distribution:name`.

        The distribution may be spelt in any way that pip takes; the plugin's own name serves too.

        Raises:
            UnknownKind, UnknownComponent, AmbiguousComponent: the message is a whole sentence for the person who
                wrote the name.
        """
        entries = self.entries(kind)
        package, _, short = name.rpartition(":")
        found = [entry for entry in entries if entry.name == short and (not package or _is_from(entry, package))]
        if not found:
            raise UnknownComponent(self._unknown(self.kind(kind), package, short))
        if len(found) > 1:
            raise AmbiguousComponent(_ambiguous(found))
        return found[0]

    def entry_of(self, component: object) -> Entry:
        """The entry of a component or of its class. Raises LookupError if no plugin registered it."""
        cls = component if isinstance(component, type) else type(component)
        if cls not in self._by_component:
            raise LookupError(f"no plugin offers the class {cls.__module__}.{cls.__qualname__}")
        return self._by_component[cls]

    def shortest_name(self, entry: Entry) -> str:
        """The name to write for an entry: `name`, or where another plugin offers that too, the qualified one."""
        same = [other for other in self._entries[entry.kind.name] if other.name == entry.name]
        return entry.name if len(same) == 1 else _spellings(same)[same.index(entry)]

    def kinds_in(self, annotation: Any) -> tuple[Kind, ...]:
        """The kinds whose contracts stand within a resolved annotation, such as `tuple[Stop, ...]`."""
        return kinds_in(annotation, self.kinds)

    def _unknown(self, kind: Kind, package: str, name: str) -> str:
        noun = kind.name
        for plugin in self.broken:
            if (plugin.kind, plugin.component) == (kind.name, name):
                return f"{noun} '{name}' cannot be used; plugin {plugin} is broken: {plugin.error}"
        entries = self._entries[kind.name]
        shown = _quoted(name)
        names = list(dict.fromkeys(entry.name for entry in entries))
        if package and name in names:
            offers = ", ".join(_spellings([entry for entry in entries if entry.name == name]))
            return f"no plugin of {_quoted(package)} offers {noun} {shown}; there is {offers}"
        nearest = did_you_mean(name, names)
        said = [f"found {noun} {shown}{nearest or ';'} installed: {', '.join(names) or 'none'}"]
        elsewhere = [other.name for other in self.kinds.values() if name in (e.name for e in self._entries[other.name])]
        if elsewhere:
            said.append(f"{shown} is the name of another kind of component: {', '.join(elsewhere)}")
        if not nearest:
            said.append(
                "a plugin that offers it must be installed in this Python environment, where it is found by its "
                "entry point in the group 'rlkit' (see: rlkit plugins)"
            )
        failed = [f"{plugin}: {plugin.error}" for plugin in self.broken if not plugin.component]
        if failed:
            said.append(f"plugins that could not be loaded: {'; '.join(failed)}")
        return ". ".join(part[0].upper() + part[1:] if index else part for index, part in enumerate(said))


def _quoted(text: str) -> str:
    """In quotes, on one line, and not endless."""
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _is_from(entry: Entry, package: str) -> bool:
    return _canonical(package) in (_canonical(entry.plugin.distribution), _canonical(entry.plugin.name))


def _canonical(name: str) -> str:
    """As pip compares names of distributions."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _spellings(entries: list[Entry]) -> list[str]:
    """Names that tell the entries apart: by distribution where that does, else by plugin."""
    by_distribution = [entry.qualified for entry in entries]
    if len(set(by_distribution)) == len(entries):
        return by_distribution
    return [f"{entry.plugin.name}:{entry.name}" for entry in entries]


def _ambiguous(entries: list[Entry]) -> str:
    offers = " and ".join(
        f"'{text}' of {entry.plugin}" for text, entry in zip(_spellings(entries), entries, strict=True)
    )
    return f"{entries[0].kind.name} '{entries[0].name}' is offered by {len(entries)} plugins; write one of {offers}"
