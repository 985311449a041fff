"""What is installed: (kind, name) to component, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rlkit.catalogue.answers import ambiguous_component, spellings, unknown_component, unknown_kind
from rlkit.catalogue.kinds import Kind, kinds_in
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
        raise UnknownKind(unknown_kind(name, self))

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
            raise UnknownComponent(unknown_component(self.kind(kind), package, short, self))
        if len(found) > 1:
            raise AmbiguousComponent(ambiguous_component(found))
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
        return entry.name if len(same) == 1 else spellings(same)[same.index(entry)]

    def kinds_in(self, annotation: Any) -> tuple[Kind, ...]:
        """The kinds whose contracts stand within a resolved annotation, such as `tuple[Stop, ...]`."""
        return kinds_in(annotation, self.kinds)


def _is_from(entry: Entry, package: str) -> bool:
    return _canonical(package) in (_canonical(entry.plugin.distribution), _canonical(entry.plugin.name))


def _canonical(name: str) -> str:
    """As pip compares names of distributions."""
    return re.sub(r"[-_.]+", "-", name).lower()
