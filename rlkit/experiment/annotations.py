"""What a parameter's type lets an experiment file write."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rlkit.catalogue.kinds import Kind, kinds_in
from rlkit.catalogue.parameters import PLAIN


@dataclass(frozen=True)
class Accepts:
    """The forms that one annotation accepts: any of them will do."""

    scalars: frozenset[type]
    """Of bool, int, float, str, NoneType."""
    literals: tuple[Any, ...]
    """The values of a Literal."""
    item: Any
    """The annotation of a list's items; None where no list is accepted."""
    map: bool
    """Plain data under text keys."""
    entry: Any
    """The annotation of components under text keys; None where no such map is accepted."""
    kinds: tuple[Kind, ...]
    """Components of these kinds."""


def accepts(annotation: Any, kinds: Mapping[str, Kind]) -> Accepts:
    """What a parameter's resolved annotation accepts (`rlkit.catalogue.parameters` says which there are)."""
    scalars: set[type] = set()
    literals: list[Any] = []
    item: Any = None
    entry: Any = None
    maps = False
    parts: list[Kind] = []
    contracts = {kind.contract: kind for kind in kinds.values()}
    for form in _forms(annotation):
        origin, arguments = typing.get_origin(form), typing.get_args(form)
        if form in PLAIN:
            scalars.add(form)
        elif form in contracts:
            parts.append(contracts[form])
        elif origin is typing.Literal:
            literals += arguments
        elif origin is tuple:
            item = arguments[0]
        elif kinds_in(form, kinds):
            entry = arguments[1]
        else:
            maps = True
    return Accepts(frozenset(scalars), tuple(literals), item, maps, entry, tuple(parts))


def is_slot(annotation: Any, kinds: Mapping[str, Kind]) -> bool:
    """Whether a field holds components alone (`Network`, `Schedule | None`, `tuple[Stop, ...]`).

    `float | Schedule` does not: it is a parameter, for which a component may stand.
    """
    form = accepts(annotation, kinds)
    if form.scalars - {types.NoneType} or form.literals or form.map or form.entry is not None:
        return False
    return bool(form.kinds) if form.item is None else is_slot(form.item, kinds)


def _forms(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        yield from typing.get_args(annotation)
    else:
        yield annotation
