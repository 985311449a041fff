"""Keyword arguments that do not change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Arguments(Mapping[str, object]):
    """An immutable, hashable mapping, so that a component that has one stays immutable and hashable."""

    def __init__(self, arguments: Mapping[str, object]) -> None:
        self._arguments = dict(arguments)

    def __getitem__(self, name: str) -> object:
        return self._arguments[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arguments)

    def __len__(self) -> int:
        return len(self._arguments)

    def __hash__(self) -> int:
        # By name alone: values may be lists and maps.
        return hash(frozenset(self._arguments))

    def __repr__(self) -> str:
        return repr(self._arguments)
