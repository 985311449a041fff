"""Parameters that are written and that no component has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rlkit.catalogue.nearest import did_you_mean
from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import Mark
from rlkit.experiment.words import listed, quoted


class _Unknown(NamedTuple):
    mark: Mark
    path: str
    label: str
    key: str


class UnknownKeys:
    """Kept until every part was seen: the key may belong to another one."""

    def __init__(self) -> None:
        self._parameters: dict[str, Sequence[str]] = {}
        self._unknown: list[_Unknown] = []

    def compare(self, path: str, label: str, parameters: Sequence[str], given: Mapping[str, Mark]) -> None:
        """Keep what is given at `path` and is no parameter; `label` is how messages name the owner."""
        self._parameters[path] = parameters
        self._unknown += [_Unknown(mark, path, label, key) for key, mark in given.items() if key not in parameters]

    def note(self, problems: Problems, slots: frozenset[str]) -> None:
        """Note each, with the nearest parameter or the part that has one of its name."""
        for mark, path, label, key in self._unknown:
            parameters = self._parameters[path]
            others = [other for other, theirs in self._parameters.items() if key in theirs]
            hint = did_you_mean(key, parameters) or ";"
            if hint == ";" and others:
                hint = f" ({listed(others)} {'has' if len(others) == 1 else 'have'} one);"
            allowed = f"its parameters: {', '.join(parameters)}" if parameters else "it has none"
            message = f"'{label}' has no parameter {quoted(key)}{hint} {allowed}"
            if path == "agent" and key in slots:
                message = f"{quoted(key)} is a part; write it as a key of its own, beside agent"
            problems.add(mark, f"{path}.{key}", message)
