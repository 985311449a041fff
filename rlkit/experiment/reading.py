"""YAML text into a tree with places. Nothing here makes any object but text, numbers, bools, null, lists, maps, tuples.

The parser's events are read one by one: PyYAML's constructors and resolvers are never reached, and every limit
holds while the document comes in, not after.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import yaml

from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import Broken, ListNode, MapNode, Mark, Node, Scalar, Written
from rlkit.experiment.scalars import ScalarError, resolve
from rlkit.experiment.syntax import syntax_message
from rlkit.experiment.words import found, quoted

DEEPEST = 32
"""Lists and maps within one another."""
MOST_NODES = 20_000
"""Values in a document, each alias counted with all that it stands for."""

TUPLE = "!tuple"
"""The only tag: a list that becomes a tuple, for arguments of others' code that asks for one."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Stop(Exception):
    """The rest of the document cannot be read; the problem has been reported."""


def read(text: str, start: Mark, problems: Problems) -> Node | None:
    """The document's tree (null for an empty one), or None where it cannot be read.

    Args:
        text: the YAML.
        start: the text's own place: line 1 and column 1 of a file; without a line, every value has that place.
        problems: takes what is wrong.
    """
    return _Reader(text, start, problems).read()


class _Reader:
    def __init__(self, text: str, start: Mark, problems: Problems) -> None:
        self.text = text
        self.start = start
        self.problems = problems
        self.anchors: dict[str, Node] = {}
        self.nodes = 0

    def read(self) -> Node | None:
        odd = _NOT_TEXT.search(self.text)
        if odd:
            before = self.text[: odd.start()]
            line, column = before.count("\n") + 1, odd.start() - before.rfind("\n")
            self.problems.add(
                self.place(line, column), "", f"found the character {quoted(odd.group())}, which YAML does not allow"
            )
            return None
        loader = _LOADER(self.text)
        try:
            return self.document(loader)
        except yaml.MarkedYAMLError as error:
            self.problems.add(self.mark(error.problem_mark or error.context_mark), "", syntax_message(error, self.text))
        except _Stop:
            pass
        finally:
            loader.dispose()
        return None

    def place(self, line: int, column: int) -> Mark:
        return Mark(self.start.source, line, column) if self.start.line else self.start

    def mark(self, mark: Any) -> Mark:
        return self.place(mark.line + 1, mark.column + 1) if mark else self.start

    def stop(self, mark: Mark, message: str) -> _Stop:
        self.problems.add(mark, "", message)
        return _Stop()

    def document(self, loader: Any) -> Node | None:
        loader.get_event()
        event = loader.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            return Scalar(self.start, None)
        root = self.node(loader, loader.get_event(), 1)
        loader.get_event()
        event = loader.get_event()
        if not isinstance(event, yaml.StreamEndEvent):
            raise self.stop(self.mark(event.start_mark), "found a second document; a file holds one experiment")
        return root

    def node(self, loader: Any, event: Any, depth: int) -> Node:
        mark = self.mark(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(str(event.anchor), mark, depth)
        self.count(mark, 1, depth)
        # An anchor stands for nothing until its node is complete, so no node can hold itself.
        self.anchors.pop(event.anchor, None)
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = self.scalar(event, mark)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.list(loader, mark, depth)
        else:
            node = self.map(loader, mark, depth)
        if event.tag == TUPLE and isinstance(node, ListNode):
            node = replace(node, is_tuple=True)
        elif event.tag is not None:
            self.problems.add(mark, "", _tag_message(event.tag, node))
            node = Broken(mark)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def count(self, mark: Mark, size: int, depth: int) -> None:
        self.nodes += size
        if self.nodes > MOST_NODES:
            raise self.stop(mark, f"found more than {MOST_NODES:,} values, those that aliases stand for among them")
        if depth > DEEPEST:
            raise self.stop(mark, f"found lists and maps nested more than {DEEPEST} deep")

    def alias(self, anchor: str, mark: Mark, depth: int) -> Node:
        if anchor not in self.anchors:
            raise self.stop(mark, f"found the alias {quoted(anchor)}, which no anchor before it explains")
        size, height = _measure(self.anchors[anchor])
        self.count(mark, size, depth + height)
        return self.anchors[anchor]

    def scalar(self, event: Any, mark: Mark) -> Node:
        if not event.implicit[0]:
            return Scalar(mark, event.value)
        try:
            return Scalar(mark, resolve(event.value), unquoted=True)
        except ScalarError as error:
            self.problems.add(mark, "", str(error))
            return Broken(mark)

    def list(self, loader: Any, mark: Mark, depth: int) -> Node:
        items = []
        while not isinstance(event := loader.get_event(), yaml.SequenceEndEvent):
            items.append(self.node(loader, event, depth + 1))
        return ListNode(mark, tuple(items))

    def map(self, loader: Any, mark: Mark, depth: int) -> Node:
        entries: dict[str, Written] = {}
        while not isinstance(event := loader.get_event(), yaml.MappingEndEvent):
            key = self.node(loader, event, depth + 1)
            value = self.node(loader, loader.get_event(), depth + 1)
            if isinstance(key, Broken):
                continue
            if not isinstance(key, Scalar) or not isinstance(key.value, str):
                self.problems.add(key.mark, "", f"found {found(key)} as a key; keys are text")
            elif key.value == "<<":
                self.problems.add(key.mark, "", "found the merge key <<, which is not supported; write its keys out")
            elif key.value in entries:
                first = entries[key.value].key.line
                again = f"; the first is in line {first}" if first else ""
                self.problems.add(key.mark, "", f"found the key {quoted(key.value)} a second time{again}")
            else:
                entries[key.value] = Written(key.mark, value)
        return MapNode(mark, entries)


def _tag_message(tag: str, node: Node) -> str:
    shown = re.sub("^tag:yaml.org,2002:", "!!", tag)
    if tag == TUPLE:
        return f"found the tag '{TUPLE}' before {found(node)}; it stands before a list: {TUPLE} [3, 4]"
    hint = f"; a tuple is written {TUPLE} [3, 4]" if "tuple" in shown else ""
    return f"found the tag {quoted(shown)}; no tag is allowed but {TUPLE}{hint}"


def _measure(node: Node) -> tuple[int, int]:
    """How many values a node holds, itself among them, and how many levels below it."""
    if isinstance(node, ListNode):
        parts = [_measure(item) for item in node.items]
    elif isinstance(node, MapNode):
        parts = [(size + 1, height) for size, height in (_measure(entry.value) for entry in node.entries.values())]
    else:
        return 1, 0
    return 1 + sum(size for size, _ in parts), max((height + 1 for _, height in parts), default=0)
