"""What recorded data says of itself once it is opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rlkit.contracts.recorded_data import RecordedData, Recording
from rlkit.contracts.spaces import Spaces
from rlkit.experiment.plain_data.asking import is_count, shown


def opened(data: RecordedData, spaces: Spaces) -> Recording:
    """Open recorded data.

    Raises:
        ValueError: it says what the contract does not allow; or what `RecordedData.open` raises.
    """
    recording = data.open(spaces)
    name = f"{type(data).__name__}.open"
    for attribute in ("rows", "environments", "facts", "read"):
        if not hasattr(recording, attribute):
            raise ValueError(
                f"{name} returned {shown(recording)}; allowed: an rlkit.Recording, which has {attribute!r}"
            )
    environments, rows = recording.environments, recording.rows
    if not is_count(environments, 1):
        raise ValueError(f"{name}: environments is {shown(environments)}; allowed: an int of at least 1")
    if not is_count(rows, environments) or rows % environments:
        raise ValueError(f"{name}: rows is {shown(rows)}; allowed: a multiple of environments ({environments}), not 0")
    facts: Any = recording.facts
    try:
        json.dumps(dict(facts), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name}: facts is {shown(facts)}; allowed: a map of plain data for run.json ({error})"
        ) from error
    origin: Any = getattr(recording, "origin", {})
    if not isinstance(origin, Mapping):
        raise ValueError(f"{name}: origin is {shown(origin)}; allowed: a map of plain data")
    return recording
