"""Unquoted text in plain data that YAML 1.1 reads as something else: `off`, `010`, `1:30`, `2026-11-27`.

A parameter with a type of its own refuses such text by that type. Plain data (an environment's `kwargs`) has none, and
the text "off" is true: so it must be said what is meant.
"""

from __future__ import annotations

import re

from yaml.resolver import Resolver

from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import ListNode, MapNode, Node, Scalar
from rlkit.experiment.words import found

MEANT = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""What YAML 1.1 takes for true and false, in lower case."""
LEADING_ZERO = re.compile(r"[-+]?0[0-9_]")
_KINDS = {"int": "a number", "float": "a number", "timestamp": "a date"}


def note_unclear(node: Node, path: str, problems: Problems) -> bool:
    """Note every such text in plain data; whether there is any."""
    match node:
        case Scalar(value=str(text), unquoted=True) if reading := _other_reading(text):
            problems.add(node.mark, path, f"found {found(node)}, {reading}")
            return True
        case ListNode(items=items):
            inner = [(str(number), item) for number, item in enumerate(items)]
        case MapNode(entries=entries):
            inner = [(key, entry.value) for key, entry in entries.items()]
        case _:
            return False
    unclear = [note_unclear(item, f"{path}.{key}", problems) for key, item in inner]  # all of them are noted
    return any(unclear)


def _other_reading(text: str) -> str:
    """What YAML 1.1 makes of an unquoted text, and what to write instead; empty if it is text there too."""
    if meant := MEANT.get(text.lower()):
        return f"which YAML 1.1 reads as {meant}; write {meant}, or '{text}' in quotes if it is text"
    matching = (tag for tag, form in Resolver.yaml_implicit_resolvers.get(text[:1], ()) if form.match(text))
    kind = _KINDS.get(next(matching, "").rpartition(":")[2])
    if kind is None:
        return ""
    hint = "a number has no leading zero; " if LEADING_ZERO.match(text) else ""
    return f"which YAML 1.1 reads as {kind}; {hint}write it in quotes if it is text"
