"""A component as YAML to paste into an experiment file, with every default written out."""

from __future__ import annotations

import types
from typing import Any

from rlkit.catalogue.catalogue import Catalogue, Entry
from rlkit.catalogue.description import plain
from rlkit.catalogue.kinds import Kind, leaves
from rlkit.catalogue.parameters import REQUIRED, Parameter, parameters_of

_KEYS = {"agent": "agent", "environment": "environment", "stop": "stop", "recorder": "recorders"}
"""Kinds that an experiment takes whatever its agent is, and the keys that take them."""


def yaml_example(entry: Entry, catalogue: Catalogue) -> str:
    """The component as a block of YAML.

    Under the key that takes it: the experiment's own or an agent's slot. A kind that has neither (a schedule, say)
    is written without a key: it is the value of whatever parameter takes it. An agent comes with its slots, which
    are keys of the experiment beside it. Required values are examples, and marked so.
    """
    name = entry.name
    if sum(other.name == name for other in catalogue.entries(entry.kind.name)) > 1:
        name = f'"{entry.qualified}"'
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
        return f"{parameter.name}: {_flow(_stand_in(parameter, catalogue))}  # required; this is an example"
    return f"{parameter.name}: {_flow(plain(parameter.default, catalogue))}"


def _stand_in(parameter: Parameter, catalogue: Catalogue) -> Any:
    """Some value for a required parameter."""
    for kind in parameter.kinds:
        for entry in catalogue.entries(kind.name):
            return [entry.name] if parameter.many else entry.name
    info = parameter.info
    if info.choices:
        return info.choices[0]
    kinds = set(leaves(parameter.annotation))
    if kinds & {int, float}:
        low = info.at_least if info.at_least is not None else (info.above or 0) + 1
        number = min(low, info.at_most) if info.at_most is not None else low
        return int(number) if int in kinds else float(number)
    return False if bool in kinds else "…"


def _flow(value: Any) -> str:
    import yaml

    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return text.removesuffix("...\n").strip()
