"""A YAML document as a tree that remembers where each key and value was written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias


@dataclass(frozen=True)
class Mark:
    """A place: `file:line:column`, both from 1, or with line 0 a source without lines (`--set seed=1`)."""

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True)
class Scalar:
    """A value that has no parts."""

    mark: Mark
    value: bool | int | float | str | None
    unquoted: bool = field(default=False, compare=False)
    """It was written without quotes, so that its type follows from how it looks."""


@dataclass(frozen=True)
class ListNode:
    """A list."""

    mark: Mark
    items: tuple[Node, ...]
    is_tuple: bool = False
    """It was written as `!tuple [...]`."""


class Written(NamedTuple):
    """What stands in a map: a key's place, and its value."""

    key: Mark
    value: Node


@dataclass(frozen=True)
class MapNode:
    """A map. Its keys are text."""

    mark: Mark
    entries: dict[str, Written]
    left_over: frozenset[str] = field(default=frozenset())
    """Keys that were parameters of a component which an override of `name` has replaced: a part ignores them."""

    def with_entry(self, key: str, entry: Written) -> MapNode:
        """A copy with `key` set."""
        return replace(self, entries=self.entries | {key: entry}, left_over=self.left_over - {key})


@dataclass(frozen=True)
class Broken:
    """A value whose problem has been reported: nothing more is said about it."""

    mark: Mark


Node: TypeAlias = Scalar | ListNode | MapNode | Broken


def plain(node: Node) -> object:
    """The node as plain Python data; what is broken becomes None."""
    match node:
        case Scalar(value=value):
            return value
        case ListNode(items=items, is_tuple=is_tuple):
            values = [plain(item) for item in items]
            return tuple(values) if is_tuple else values
        case MapNode(entries=entries):
            return {key: plain(entry.value) for key, entry in entries.items()}
    return None


def has_broken(node: Node) -> bool:
    """Whether a problem of this node or of anything in it has been reported by the reader."""
    match node:
        case ListNode(items=items):
            return any(map(has_broken, items))
        case MapNode(entries=entries):
            return any(has_broken(entry.value) for entry in entries.values())
    return isinstance(node, Broken)


def lookup(node: Node, path: str) -> tuple[Node | None, Mark]:
    """The node at a dotted path, or None, and the place that best shows it.

    The place is the value where that is a scalar, the key where it is a list or a map, and where the path ends
    early the deepest part of it that is there.
    """
    mark = node.mark
    found: Node | None = node
    for segment in path.split("."):
        if isinstance(found, MapNode) and segment in found.entries and segment not in found.left_over:
            key, found = found.entries[segment]
            mark = key if isinstance(found, (MapNode, ListNode)) else found.mark
        elif isinstance(found, ListNode) and segment.isdecimal() and int(segment) < len(found.items):
            found = found.items[int(segment)]
            mark = found.mark
        elif segment == "0" and isinstance(found, (MapNode, Scalar)):
            continue
        else:
            return None, mark
    return found, mark
