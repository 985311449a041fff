"""What distinguishes one resolved experiment from another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rlkit.experiment.no_result import NO_RESULT


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the second experiment that differ from the first's, by dotted key; null for what it lacks."""
    ours, theirs = dict(_leaves(one)), dict(_leaves(other))
    changed = {key: value for key, value in theirs.items() if key not in ours or not _same(ours[key], value)}
    return changed | {key: None for key in ours if key not in theirs}


def _leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping) or not value:
        return [(path, value)]
    return [
        leaf
        for key, inner in value.items()
        if path or key not in NO_RESULT
        for leaf in _leaves(inner, f"{path}.{key}".strip("."))
    ]


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, default=repr) == json.dumps(other, default=repr)
