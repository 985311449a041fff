"""What the catalogue knows, as plain data: what `rlkit plugins --json` prints and `rlkit plugins` shows."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rlkit.catalogue.catalogue import Catalogue, Entry
from rlkit.catalogue.kinds import Kind
from rlkit.catalogue.parameters import REQUIRED, Parameter, parameters_of, type_text
from rlkit.catalogue.plugins import Plugin
from rlkit.catalogue.signatures import contract_members, signature_text


def describe_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    """Everything: kinds with their components, plugins, broken plugins."""
    return {
        "kinds": [describe_kind(kind, catalogue) for kind in catalogue.kinds.values()],
        "plugins": [describe_plugin(plugin) for plugin in catalogue.plugins],
        "broken": [asdict(plugin) for plugin in catalogue.broken],
    }


def describe_kind(kind: Kind, catalogue: Catalogue) -> dict[str, Any]:
    """A kind: its contract, who takes it, and its components."""
    return {
        "name": kind.name,
        "plural": kind.plural,
        "hook": kind.hook,
        "doc": kind.doc,
        "distribution": kind.distribution,
        "contract": f"{kind.contract.__module__}.{kind.contract.__qualname__}",
        "contract_doc": inspect.cleandoc(kind.contract.__doc__ or ""),
        "members": [_describe_member(name, member) for name, member in contract_members(kind.contract).items()],
        "taken_by": taken_by(kind, catalogue),
        "components": [describe_component(entry, catalogue) for entry in catalogue.entries(kind.name)],
    }


def describe_component(entry: Entry, catalogue: Catalogue) -> dict[str, Any]:
    """A component: where it comes from, its documentation and its parameters."""
    return {
        "kind": entry.kind.name,
        "name": entry.name,
        "qualified": entry.qualified,
        "plugin": entry.plugin.name,
        "distribution": entry.plugin.distribution,
        "version": entry.plugin.version,
        "class": f"{entry.component.__module__}.{entry.component.__qualname__}",
        "doc": documentation(entry.component),
        "parameters": [describe_parameter(p, catalogue) for p in parameters_of(entry.component, catalogue)],
    }


def describe_parameter(parameter: Parameter, catalogue: Catalogue) -> dict[str, Any]:
    """A parameter: type in words, default as plain data (null where it is required), meaning, range, source."""
    required = parameter.default is REQUIRED
    return {
        "name": parameter.name,
        "type": type_text(parameter.annotation, catalogue.kinds),
        "required": required,
        "default": None if required else plain(parameter.default, catalogue),
        "kinds": [kind.name for kind in parameter.kinds],
        "many": parameter.many,
        **asdict(parameter.info),
        "range": parameter.info.allowed(),
    }


def describe_plugin(plugin: Plugin) -> dict[str, Any]:
    """A plugin that could be loaded, with the digest of its sources."""
    return {**asdict(plugin), "seconds": round(plugin.seconds, 4), "digest": plugin.digest}


def documentation(component: type) -> str:
    """The component's docstring; its module's where it has none of its own."""
    doc = component.__doc__ or ""
    if not doc or doc.startswith(f"{component.__name__}("):  # which dataclasses write themselves
        doc = sys.modules[component.__module__].__doc__ or ""
    return inspect.cleandoc(doc)


def first_sentence(doc: str) -> str:
    """The first paragraph's first line or sentence, for lists."""
    paragraph = " ".join(doc.split("\n\n", maxsplit=1)[0].split())
    end = paragraph.find(". ")
    return (paragraph if end < 0 else paragraph[:end]).rstrip(".")


def taken_by(kind: Kind, catalogue: Catalogue) -> list[str]:
    """The parameters that take a component of this kind, such as `agent dqn: network`."""
    return [
        f"{entry.kind.name} {entry.name}: {parameter.name}"
        for other in catalogue.kinds
        for entry in catalogue.entries(other)
        for parameter in parameters_of(entry.component, catalogue)
        if kind in parameter.kinds
    ]


def plain(value: Any, catalogue: Catalogue) -> Any:
    """A parameter's value as an experiment file writes it: lists for tuples, `name` and parameters for a component."""
    if isinstance(value, tuple):
        return [plain(item, catalogue) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item, catalogue) for key, item in value.items()}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    parameters = parameters_of(type(value), catalogue)
    return {"name": catalogue.shortest_name(catalogue.entry_of(value))} | {
        p.name: plain(getattr(value, p.name), catalogue) for p in parameters
    }


def _describe_member(name: str, member: Any) -> dict[str, Any]:
    function = member.fget if isinstance(member, property) else member
    if not inspect.isfunction(function):
        return {"name": name, "signature": name, "doc": ""}
    signature = inspect.signature(function)
    shown = signature_text(name, signature, annotated=True)
    if isinstance(member, property):
        shown = f"{name}: {signature_text('', signature, annotated=True).rpartition('-> ')[2]}"
    return {"name": name, "signature": shown, "doc": inspect.cleandoc(function.__doc__ or "")}
