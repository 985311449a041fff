"""The keys that every experiment has, one by one."""

from __future__ import annotations

import re
from typing import Any

from rlkit.catalogue.parameters import REQUIRED, Parameter
from rlkit.contracts.component import ParameterInfo
from rlkit.experiment.building import INVALID, Builder
from rlkit.experiment.words import quoted

LARGEST_SEED = 2**63 - 1

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_RUN = re.compile(r"last|[0-9]{8}-[0-9]{6}(-seed[0-9]+(-[0-9]+)?)?")
"""What names a run to `rlkit evaluate` and others: no experiment of that name would be found."""
MISSING = "is missing; every experiment has this top-level key"


def own(builder: Builder, key: str, annotation: Any, default: Any = REQUIRED) -> Any:
    """One of the experiment's own keys, or INVALID."""
    written = builder.document.entries.get(key)
    if written is not None:
        kinds = builder.catalogue.kinds_in(annotation)
        return builder.value(written.value, Parameter(key, annotation, default, ParameterInfo(), kinds, False), key)
    if default is REQUIRED:
        builder.note(key, MISSING)
        return INVALID
    return default


def name_of(builder: Builder) -> Any:
    """The experiment's name. Its runs are kept in a folder of that name."""
    name = own(builder, "name", str)
    if name is INVALID or (_NAME.fullmatch(name) and not _RUN.fullmatch(name)):
        return name
    if _RUN.fullmatch(name):
        meaning = "stands for the newest run" if name == "last" else "reads as the id of a run"
        builder.note("name", f"found {quoted(name)}, which {meaning} wherever a run is named; choose another name")
        return INVALID
    builder.note(
        "name",
        f"found {quoted(name)}; allowed: up to 100 letters, digits, '_', '-' and '.', the first a letter or digit",
    )
    return INVALID


def seed_of(builder: Builder) -> Any:
    """The experiment's seed, or INVALID."""
    seed = own(builder, "seed", int, 0)
    if seed is INVALID or 0 <= seed <= LARGEST_SEED:
        return seed
    builder.note("seed", f"found {seed}; allowed: 0 to {LARGEST_SEED}")
    return INVALID


def settings(builder: Builder, key: str, cls: type) -> Any:
    """Settings with names of their own (limits, evaluation), or INVALID."""
    written = builder.document.entries.get(key)
    return cls() if written is None else builder.settings(written.value, cls, key)
