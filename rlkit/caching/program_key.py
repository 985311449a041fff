"""What determines an experiment's programs, in plain data; programs are kept under its SHA-256."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import importlib.metadata
import json
import platform
import re
from collections.abc import Mapping
from typing import Any

from rlkit.caching.versions import versions
from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.plugins import CORE_DISTRIBUTION, source_digest
from rlkit.contracts.spaces import Spaces
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.parts import parts_in

_BESIDE_THE_GRAPH = frozenset({"environment", "compiled_environment", "recorded_data", "recorder", "stop", "launcher"})
"""Kinds whose components take no part in graphs of the stepwise loop."""


class NoKey(ValueError):
    """Nobody can say what determines an experiment's programs; the text says why, in a few words."""


def program_key(experiment: Experiment) -> str:
    """The SHA-256, in hex, of what determines an experiment's programs.

    Raises:
        NoKey: the agent has a part that no plugin offers, or a parameter that is no plain data.
    """
    content = json.dumps(determinants(experiment), sort_keys=True, allow_nan=True)
    return hashlib.sha256(content.encode()).hexdigest()


def determinants(experiment: Experiment) -> dict[str, Any]:
    """All that may change a program: the agent with its parts, the spaces, the code, the libraries.

    Cautious rather than clever: every parameter of the agent counts, and the source of every plugin that offers parts
    of agents, used here or not, since one plugin may rest on another. Seed, name, stop criteria, evaluation, recorders
    do not, nor do limits, unless a part must know how many steps they allow, nor the environment beside its spaces.

    Raises:
        NoKey: see `program_key`.
    """
    catalogue = experiment.catalogue
    return {
        "agent": _plain(experiment.agent, catalogue),
        "spaces": _spaces(experiment.spaces),
        "total": _total(experiment),
        "rlkit": source_digest("rlkit"),
        "plugins": _plugins(catalogue),
        "versions": {name: version for name, version in versions().items() if name != "gymnasium"},
        "requirements": _requirements(catalogue),
        "machine": platform.machine(),
    }


def _total(experiment: Experiment) -> int | None:
    """`Progress.total`, where a part cannot do without: its values were held to their range for that many steps."""
    catalogue = experiment.catalogue
    parts = parts_in(experiment.agent, (catalogue.kind("agent"),), "agent", catalogue)
    needed = any(getattr(part.component, "needs_total", False) for part in parts)
    return experiment.limits.total if needed else None


def _spaces(spaces: Spaces) -> dict[str, Any]:
    """Every field, whatever it is: each may change what is built."""
    return {name: _described(value) for name, value in spaces._asdict().items()}


def _described(value: Any) -> Any:
    """Named tuples as maps that name their class."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {"kind": type(value).__name__, **value._asdict()}
    return value


def _plugins(catalogue: Catalogue) -> dict[str, str]:
    """By name, the digest of each that offers what graphs are made of."""
    plugins = {
        entry.plugin.name: entry.plugin
        for kind in catalogue.kinds
        if kind not in _BESIDE_THE_GRAPH
        for entry in catalogue.entries(kind)
    }
    without = [name for name, plugin in plugins.items() if not plugin.digest]
    if without:
        raise NoKey(f"the source of plugin {without[0]} cannot be read")
    return {name: plugin.digest for name, plugin in plugins.items()}


def _requirements(catalogue: Catalogue) -> dict[str, str]:
    """Versions of what the distributions of others' plugins say that they require, where it is installed."""
    found = {}
    for distribution in sorted({plugin.distribution for plugin in catalogue.plugins} - {CORE_DISTRIBUTION}):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            for requirement in importlib.metadata.requires(distribution) or ():
                name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
                with contextlib.suppress(importlib.metadata.PackageNotFoundError):
                    found[name] = importlib.metadata.version(name)
    return found


def _plain(value: Any, catalogue: Catalogue) -> Any:
    """A component as a map that names its class; anything but plain data raises NoKey."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item, catalogue) for item in value]
    if isinstance(value, Mapping):
        return {"map": [[_plain(key, catalogue), _plain(item, catalogue)] for key, item in value.items()]}
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        raise NoKey(f"a parameter is a {type(value).__name__}, which is no plain data")
    try:
        entry = catalogue.entry_of(value)
    except LookupError as error:
        raise NoKey(str(error)) from error
    fields = {field.name: _plain(getattr(value, field.name), catalogue) for field in dataclasses.fields(value)}
    cls = type(value)
    return {"component": f"{entry.plugin.name}:{cls.__module__}.{cls.__qualname__}", "parameters": fields}
