"""Plain data as an experiment file that runs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from rlkit.experiment.scalars import resolve as read_scalar

LINE = 110
"""Characters; a longer list of parts takes a line a part."""

_UNQUOTED = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def to_yaml(resolved: Mapping[str, Any]) -> str:
    """The experiment file of a resolved experiment: a line a key, parts as `{name: …, parameter: …}`.

    Numbers are written so that they read back exactly; texts that a YAML reader could take for something else are
    in quotes.
    """
    lines = []
    for key, value in resolved.items():
        line = f"{_text(key)}: {flow(value)}"
        if isinstance(value, list) and len(line) > LINE:
            line = "\n".join([f"{_text(key)}:", *(f"  - {flow(item)}" for item in value)])
        lines.append(line)
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """Plain data as YAML on one line: `{name: adam, learning_rate: 0.001}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        items = "[" + ", ".join(map(flow, value)) + "]"
        return f"!tuple {items}" if isinstance(value, tuple) else items
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, str):
        return _text(value)
    return "null" if value is None else str(value)


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be written in an experiment file; a number must be finite")
    # Readers of YAML 1.1 take 1e-05 for text, and 1.0e-05 for the number that it is.
    mantissa, e, exponent = repr(value).partition("e")
    return f"{mantissa}.0{e}{exponent}" if e and "." not in mantissa else repr(value)


def _text(text: str) -> str:
    if _UNQUOTED.fullmatch(text) and read_scalar(text) == text and text.lower() not in _BOOL_IN_YAML_1_1:
        return text
    return '"' + "".join(map(_escape, text)) + '"'


_BOOL_IN_YAML_1_1 = frozenset({"yes", "no", "on", "off", "y", "n"})


def _escape(character: str) -> str:
    if character in _ESCAPED:
        return _ESCAPED[character]
    return character if character.isprintable() else f"\\U{ord(character):08x}"
