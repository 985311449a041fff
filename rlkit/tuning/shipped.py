"""The tuning files that come with rlkit, and which file a person means."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rlkit.studies.shipped import find_among, shipped_in


def shipped_tunings() -> Mapping[str, Path]:
    """The shipped tuning files by name, sorted."""
    return shipped_in("tuning")


def find_tuning(source: str) -> Path:
    """The file that `source` names: a path, a tuning's own folder, or the name of a tuning that comes with rlkit.

    Raises:
        ExperimentError: there is none.
    """
    return find_among(source, shipped_tunings(), kept="tuning.yaml", plural="tunings")
