"""The tuning files that come with rlkit, and which file a person means."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from rlkit.catalogue.nearest import did_you_mean
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.shipped import experiments_folder
from rlkit.experiment.words import shown


def shipped_tunings() -> Mapping[str, Path]:
    """The shipped tuning files by name, sorted."""
    return {path.stem: path for path in sorted((experiments_folder() / "tuning").glob("*.yaml"))}


def find_tuning(source: str) -> Path:
    """The file that `source` names: a path, a tuning's own folder, or the name of a tuning that comes with rlkit.

    Raises:
        ExperimentError: there is none.
    """
    known, path = shipped_tunings(), Path(source)
    is_path = source.endswith((".yaml", ".yml")) or os.sep in source
    if not is_path and source in known:
        return known[source]
    if source and path.is_file():
        return path
    if (path / "tuning.yaml").is_file():
        return path / "tuning.yaml"
    beside = [str(file) for file in path.parent.glob("*.y*ml")] if is_path and path.parent.is_dir() else []
    nearest = did_you_mean(source, beside) or did_you_mean(path.stem, known) or ";"
    raise ExperimentError(
        Problem(shown(source), "", f"no such file{nearest} tunings that come with rlkit: {', '.join(known) or 'none'}")
    )
