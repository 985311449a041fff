"""What a search is: trials of another one have no place in its folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from rlkit.experiment.no_result import NO_RESULT
from rlkit.runs.manifest import imported_sources, plugins_used
from rlkit.tuning.checking import Tuning


def identity_of(tuning: Tuning) -> dict[str, str]:
    """By what a file says, a digest. How many trials, which sampler, pruner and test seeds may change on the way."""
    resolved = {key: value for key, value in tuning.base.resolved.items() if key not in NO_RESULT}
    plugins = [(plugin["plugin"], plugin["digest"]) for plugin in plugins_used(tuning.base)]
    told: Mapping[str, Any] = {
        "base": resolved,
        "space": [[one.key, one.told()] for one in tuning.space],
        "seeds": tuning.file.seeds,
        "objective": list(tuning.measure),
        "plugins": [*plugins, *imported_sources(tuning.base)],
    }
    return {key: _digest(value) for key, value in told.items()}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=repr).encode()).hexdigest()
