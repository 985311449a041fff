"""`KEY=VALUE` assignments, applied to an experiment's tree before it is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import Broken, ListNode, MapNode, Mark, Node, Scalar, Written
from rlkit.experiment.reading import read
from rlkit.experiment.words import found, quoted


class _Refused(Exception):
    """The key leads nowhere; the message says why."""


def override(document: MapNode, assignments: Sequence[str], problems: Problems) -> MapNode:
    """The document with `buffer.capacity=10000` and the like applied, in their order.

    The value is YAML. A slot set as a whole (`exploration=greedy`, `exploration={name: greedy}`) replaces the part;
    so does another `name` (`exploration.name=greedy`): what was written for the part before counts no longer. A
    number picks an item of a list (`stop.0.threshold=200`).
    """
    for number, assignment in enumerate(assignments):
        key, separator, value = assignment.partition("=")
        # Line 0 is no line; the column keeps the command line's order.
        mark = Mark(f"--set {assignment if _short(assignment) else quoted(assignment)}", 0, number)
        path = key.strip()
        if not separator or not all(path.split(".")):
            problems.add(mark, "", "found no KEY=VALUE; write, for one, buffer.capacity=10000")
            continue
        node = read(value, mark, problems) or Broken(mark)
        try:
            document = _set(document, path.split("."), node, mark, "")
        except _Refused as refusal:
            problems.add(mark, path, str(refusal))
    return document


def assign(document: MapNode, key: str, value: Node, mark: Mark, problems: Problems) -> MapNode:
    """The document with the value of one dotted key set, as `override` does with what was read of a file.

    Args:
        document: to start from.
        key: `buffer.capacity`.
        value: with its own places, where what is wrong with it will be told.
        mark: where the key stands.
        problems: takes a key that leads nowhere.
    """
    if not all(key.split(".")):
        problems.add(mark, "", f"found the key {quoted(key)}; write, for one, buffer.capacity")
        return document
    try:
        return _set(document, key.split("."), value, mark, "")
    except _Refused as refusal:
        problems.add(mark, key, str(refusal))
        return document


def _short(text: str) -> bool:
    return len(text) <= 80 and text.isprintable()


def _set(node: MapNode, path: Sequence[str], value: Node, mark: Mark, where: str) -> MapNode:
    """A copy of a map with the node at `path` set; `where` is the map's own path."""
    key, rest = path[0], path[1:]
    old = node.entries.get(key) if key not in node.left_over else None
    if rest:
        value = _inside(old.value if old else None, rest, value, mark, f"{where}.{key}".lstrip("."))
        return node.with_entry(key, Written(old.key if old else mark, value))
    new = node.with_entry(key, Written(mark, value))
    renamed = where and key == "name" and old and not _same(old.value, value)
    return replace(new, left_over=frozenset(new.entries) - {"name"}) if renamed else new


def _inside(node: Node | None, path: Sequence[str], value: Node, mark: Mark, where: str) -> Node:
    """A copy of whatever stands at `where`, with `path` within it set."""
    match node:
        case MapNode() if path[0] == "0" and "0" not in node.entries:
            # One part may stand for a list of one.
            return _set(node, path[1:], value, mark, where) if path[1:] else value
        case MapNode():
            return _set(node, path, value, mark, where)
        case None | Scalar(value=None):
            return _set(MapNode(mark, {}), path, value, mark, where)
        case Scalar(value=str()):
            part = MapNode(node.mark, {"name": Written(node.mark, node)})
            return _inside(part, path, value, mark, where)
        case ListNode(items=items):
            if not path[0].isdecimal() or int(path[0]) >= len(items):
                places = f"items 0 to {len(items) - 1}" if items else "no items"
                raise _Refused(f"{where} is a list with {places}; found {quoted(path[0])} as the item")
            index, rest = int(path[0]), path[1:]
            item = _inside(items[index], rest, value, mark, f"{where}.{index}") if rest else value
            return replace(node, items=(*items[:index], item, *items[index + 1 :]))
        case Broken():
            return node
    raise _Refused(f"{where} is {found(node)}, which has no {quoted(path[0])}")


def _same(one: Node, other: Node) -> bool:
    return isinstance(one, Scalar) and isinstance(other, Scalar) and one.value == other.value
