"""The words of messages: what was found."""

from __future__ import annotations

from collections.abc import Iterable

from rlkit.experiment.nodes import ListNode, MapNode, Node, Scalar


def quoted(text: str) -> str:
    """Text for a message: in quotes, on one line, cut if long, and printable on any terminal."""
    return f"'{printable(text if len(text) <= 60 else text[:57] + '…')}'"


def printable(text: str) -> str:
    """Text that keeps to its line and cannot steer a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(source: str) -> str:
    """A file's name as messages begin with it."""
    return source if source and source.isprintable() else quoted(source)


def found(node: Node) -> str:
    """What a node is: `the text 'yes'`, `1.5`, `a list`."""
    match node:
        case ListNode(items=()) | ListNode(items=[]):
            return "an empty list"
        case MapNode(entries={}) if not node.entries:
            return "an empty map"
        case ListNode(is_tuple=is_tuple):
            return "a tuple" if is_tuple else "a list"
        case MapNode():
            return "a map"
        case Scalar(value=None):
            return "nothing (null)"
        case Scalar(value=bool(value)):
            return str(value).lower()
        case Scalar(value=str(value)):
            return f"the text {quoted(value)}"
        case Scalar(value=value):
            return repr(value)
    return "something broken"


def listed(words: Iterable[str]) -> str:
    """`a, b and c`."""
    words = list(words)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
