"""A component as YAML to paste into an experiment file, with every default written out."""

from __future__ import annotations

import collections.abc
import contextlib
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from rlkit.catalogue.catalogue import Catalogue, Entry
from rlkit.catalogue.description import plain
from rlkit.catalogue.kinds import Kind, leaves
from rlkit.catalogue.parameters import REQUIRED, Parameter, parameters_of, type_text
from rlkit.contracts.component import ParameterInfo

T = TypeVar("T")

_KEYS = {
    "agent": "agent",
    "environment": "environment",
    "stop": "stop",
    "recorder": "recorders",
    "recorded_data": "data",
}
"""Kinds that an experiment takes whatever its agent is, and the keys that take them."""


def yaml_example(entry: Entry, catalogue: Catalogue) -> str:
    """The component as a block of YAML.

    Under the key that takes it: the experiment's own or an agent's slot. A kind that has neither (a schedule, say)
    is written without a key: it is the value of whatever parameter takes it. An agent comes with its slots, which
    are keys of the experiment beside it. Required values are examples, and marked so.
    """
    name, within = _flow(catalogue.shortest_name(entry)), frozenset({entry.component})
    parameters = parameters_of(entry.component, catalogue)
    slots = [p for p in parameters if entry.kind.name == "agent" and _is_slot(p, catalogue)]
    lines = [f"name: {name}", *(_line(p, catalogue, within) for p in parameters if p not in slots)]
    key = _key(entry.kind, catalogue)
    if key == "recorders":
        lines = [f"{key}:", *(f"  {'-' if index == 0 else ' '} {line}" for index, line in enumerate(lines))]
    elif key:
        lines = [f"{key}:", *(f"  {line}" for line in lines)]
    return "\n".join([*lines, *(_line(p, catalogue, within) for p in slots)]) + "\n"


def _key(kind: Kind, catalogue: Catalogue) -> str:
    if kind.name in _KEYS:
        return _KEYS[kind.name]
    for agent in catalogue.entries("agent"):
        for parameter in parameters_of(agent.component, catalogue):
            if kind in parameter.kinds and _is_slot(parameter, catalogue):
                return parameter.name
    return ""


def _is_slot(parameter: Parameter, catalogue: Catalogue) -> bool:
    """Whether it takes components alone (`Network`, `Schedule | None`), not `float | Schedule`."""
    contracts = {kind.contract for kind in parameter.kinds} | {types.NoneType}
    return bool(parameter.kinds) and all(leaf in contracts for leaf in leaves(parameter.annotation))


def _line(parameter: Parameter, catalogue: Catalogue, within: frozenset[type]) -> str:
    if parameter.default is not REQUIRED:
        return f"{parameter.name}: {_flow(plain(parameter.default, catalogue))}"
    try:
        example = _stand_in(parameter.annotation, parameter.info, catalogue, within)
    except _Endless:
        kinds = type_text(parameter.annotation, catalogue.kinds)
        return f"# {parameter.name}: …  # required ({kinds}); every part that is installed needs another one in turn"
    return f"{parameter.name}: {_flow(example)}  # required; replace this example"


class _Endless(Exception):
    """No example of a value comes to an end: each part of its kind needs a further one."""


def _stand_in(annotation: Any, info: ParameterInfo, catalogue: Catalogue, within: frozenset[type]) -> Any:
    """Some value that a required parameter of this type may have, made of no component that it is `within`."""
    arguments = typing.get_args(annotation)
    match typing.get_origin(annotation):
        case typing.Literal:
            return arguments[0]
        case typing.Union | types.UnionType:
            return _first(lambda argument: _stand_in(argument, info, catalogue, within), arguments)
        case origin if origin is tuple:
            try:
                return [_stand_in(argument, info, catalogue, within) for argument in arguments if argument is not ...]
            except _Endless:
                if arguments[1:] != (...,):
                    raise
                return []
        case collections.abc.Mapping:
            return {}
    for kind in catalogue.kinds_in(annotation):
        entries = [entry for entry in catalogue.entries(kind.name) if entry.component not in within]
        entries.sort(key=lambda entry: len(_required(entry, catalogue)))
        return _first(lambda entry: _part(entry, catalogue, within), entries)
    if annotation in (int, float):
        low = info.at_least if info.at_least is not None else (info.above or 0) + 1
        return annotation(low if info.at_most is None else min(low, info.at_most))
    if annotation in (bool, types.NoneType):
        return None if annotation is types.NoneType else False
    return info.choices[0] if info.choices else "…"


def _part(entry: Entry, catalogue: Catalogue, within: frozenset[type]) -> Any:
    """A component by its name, with examples of what it requires. Raises _Endless."""
    inner = within | {entry.component}
    needs = {p.name: _stand_in(p.annotation, p.info, catalogue, inner) for p in _required(entry, catalogue)}
    name = catalogue.shortest_name(entry)
    return {"name": name} | needs if needs else name


def _first(example: Callable[[T], Any], choices: Iterable[T]) -> Any:
    """An example of the first choice that has one. Raises _Endless if none has."""
    for choice in choices:
        with contextlib.suppress(_Endless):
            return example(choice)
    raise _Endless


def _required(entry: Entry, catalogue: Catalogue) -> list[Parameter]:
    return [parameter for parameter in parameters_of(entry.component, catalogue) if parameter.default is REQUIRED]


def _flow(value: Any) -> str:
    import yaml

    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return text.removesuffix("...\n").strip()
