"""Whether recorded rows are of the environment that an experiment has: spaces alone do not say what numbers mean."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rlkit.catalogue.catalogue import Catalogue
from rlkit.experiment.resolved import flow

_HOSTED = "rlkit/"
"""Before the id of a compiled environment that is registered with Gymnasium."""


_NOT_IN_ROWS = ("name", "count", "normalize", "normalize_rewards")
"""Rows are stored as they come, before the core normalises."""
_LONGEST = 200


def other_origin(origin: Mapping[str, Any], environment: Mapping[str, Any], catalogue: Catalogue) -> str:
    """In what the environment of recorded rows differs from an experiment's, in words; empty if it does not.

    Args:
        origin: `Recording.origin`; what it does not say is not compared.
        environment: the experiment's, as plain data.
        catalogue: what is installed.
    """
    theirs = origin.get("environment")
    if not isinstance(theirs, Mapping):
        return ""
    alike = theirs.get("name") == environment.get("name")
    told = (_task(one, catalogue, merged=not alike) for one in (theirs, environment))
    differences = "; ".join(_differences(*told))
    if not differences:
        return ""
    return (
        f"the rows were recorded in another environment, {differences}; the spaces are the same, but what "
        "observations, actions and rewards mean may not be"
    )


def _differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[str]:
    if theirs["id"] != ours["id"]:
        yield f"{theirs['id']}, where this experiment has {ours['id']}"
        return
    for key, value in theirs.items():
        if key in ours and value != ours[key]:
            yield f"with {key}: {_shown(value)}, where this experiment has {_shown(ours[key])}"


def _task(environment: Mapping[str, Any], catalogue: Catalogue, *, merged: bool) -> dict[str, Any]:
    """What rows depend on: the task's `id`, its parameters and wrappers. How many act at once is none of it.

    A compiled environment has parameters where its twin of Gymnasium has `kwargs`; `merged`, both are the task's own.
    """
    whole = json.loads(json.dumps(dict(environment)))  # in which a tuple is a list, as rows.json has it
    told = {key: value for key, value in whole.items() if key not in _NOT_IN_ROWS}
    task = told.pop("id", environment.get("name"))
    if isinstance(told.get("wrappers"), list):
        asked = _asks_for_normalization(catalogue)
        told["wrappers"] = [wrapper for wrapper in told["wrappers"] if _name(wrapper) not in asked]
    if isinstance(task, Mapping):
        told |= task
        task = told.pop("name", None)
    if merged and isinstance(told.get("kwargs"), Mapping):
        told |= told.pop("kwargs")
    if merged and "name" in environment:
        told.setdefault("wrappers", [])
    return {**told, "id": str(task).removeprefix(_HOSTED)}


def _asks_for_normalization(catalogue: Catalogue) -> set[str]:
    """Names of components that ask the core to normalise: rows are stored before it does."""
    return {
        entry.name
        for kind in catalogue.kinds
        for entry in catalogue.entries(kind)
        if kind != "environment"
        and any(hasattr(entry.component, name) for name in ("normalization", "reward_normalization"))
    }


def _name(part: Any) -> Any:
    return str(part.get("name")) if isinstance(part, Mapping) else str(part)


def _shown(value: Any) -> str:
    text = "none" if value in ([], {}) else flow(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
