"""A component as YAML to paste into an experiment file, with every default written out."""

from __future__ import annotations

import collections.abc
import types
import typing
from typing import Any

from rlkit.catalogue.catalogue import Catalogue, Entry
from rlkit.catalogue.description import plain
from rlkit.catalogue.kinds import Kind, leaves
from rlkit.catalogue.parameters import REQUIRED, Parameter, parameters_of
from rlkit.contracts.component import ParameterInfo

_KEYS = {"agent": "agent", "environment": "environment", "stop": "stop", "recorder": "recorders"}
"""Kinds that an experiment takes whatever its agent is, and the keys that take them."""


def yaml_example(entry: Entry, catalogue: Catalogue) -> str:
    """The component as a block of YAML.

    Under the key that takes it: the experiment's own or an agent's slot. A kind that has neither (a schedule, say)
    is written without a key: it is the value of whatever parameter takes it. An agent comes with its slots, which
    are keys of the experiment beside it. Required values are examples, and marked so.
    """
    name = _flow(catalogue.shortest_name(entry))
    parameters = parameters_of(entry.component, catalogue)
    slots = [p for p in parameters if entry.kind.name == "agent" and _is_slot(p, catalogue)]
    lines = [f"name: {name}", *(_line(p, catalogue) for p in parameters if p not in slots)]
    key = _key(entry.kind, catalogue)
    if key == "recorders":
        lines = [f"{key}:", *(f"  {'-' if index == 0 else ' '} {line}" for index, line in enumerate(lines))]
    elif key:
        lines = [f"{key}:", *(f"  {line}" for line in lines)]
    return "\n".join([*lines, *(_line(p, catalogue) for p in slots)]) + "\n"


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


def _line(parameter: Parameter, catalogue: Catalogue) -> str:
    if parameter.default is REQUIRED:
        example = _stand_in(parameter.annotation, parameter.info, catalogue)
        return f"{parameter.name}: {_flow(example)}  # required; replace this example"
    return f"{parameter.name}: {_flow(plain(parameter.default, catalogue))}"


def _stand_in(annotation: Any, info: ParameterInfo, catalogue: Catalogue) -> Any:
    """Some value that a required parameter of this type may have."""
    arguments = typing.get_args(annotation)
    match typing.get_origin(annotation):
        case typing.Literal:
            return arguments[0]
        case typing.Union | types.UnionType:
            return _stand_in(arguments[0], info, catalogue)
        case origin if origin is tuple:
            return [_stand_in(argument, info, catalogue) for argument in arguments if argument is not ...]
        case collections.abc.Mapping:
            return {}
    for kind in catalogue.kinds_in(annotation):
        needs = [
            (_required(entry, catalogue), catalogue.shortest_name(entry)) for entry in catalogue.entries(kind.name)
        ]
        for required, name in sorted(needs, key=lambda need: len(need[0])):
            return {"name": name} | required if required else name
    if annotation in (int, float):
        low = info.at_least if info.at_least is not None else (info.above or 0) + 1
        return annotation(low if info.at_most is None else min(low, info.at_most))
    return False if annotation is bool else info.choices[0] if info.choices else "…"


def _required(entry: Entry, catalogue: Catalogue) -> dict[str, Any]:
    parameters = parameters_of(entry.component, catalogue)
    return {p.name: _stand_in(p.annotation, p.info, catalogue) for p in parameters if p.default is REQUIRED}


def _flow(value: Any) -> str:
    import yaml

    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return text.removesuffix("...\n").strip()
