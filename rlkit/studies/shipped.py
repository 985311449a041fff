"""Studies and tunings that come with rlkit, and which file a person means."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from rlkit.catalogue.nearest import did_you_mean
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.shipped import experiments_folder
from rlkit.experiment.words import shown


def shipped_studies() -> Mapping[str, Path]:
    """The files of the shipped studies by name, sorted."""
    return shipped_in("studies")


def find_study(source: str) -> Path:
    """The file that `source` names: a path, a study's own folder, or the name of a study that comes with rlkit.

    Raises:
        ExperimentError: there is none.
    """
    return find_among(source, shipped_studies(), kept="study.yaml", plural="studies")


def shipped_in(folder: str) -> Mapping[str, Path]:
    """The files in a folder beside the shipped experiments by name, sorted."""
    return {path.stem: path for path in sorted((experiments_folder() / folder).glob("*.yaml"))}


def find_among(source: str, known: Mapping[str, Path], *, kept: str, plural: str) -> Path:
    """The file that `source` names: a path, the name of a shipped file, or a folder that keeps such a file.

    Args:
        source: as a person wrote it.
        known: the shipped files by name.
        kept: the file's name in a folder of its own.
        plural: what such files are called in messages.

    Raises:
        ExperimentError: there is none.
    """
    path = Path(source)
    is_path = source.endswith((".yaml", ".yml")) or os.sep in source
    if not is_path and source in known:
        return known[source]
    if source and path.is_file():
        return path
    if (path / kept).is_file():
        return path / kept
    if path.is_dir():
        raise ExperimentError(
            Problem(shown(source), "", f"is a folder without a {kept}; name the file, or such a folder")
        )
    beside = [str(file) for file in path.parent.glob("*.y*ml")] if is_path and path.parent.is_dir() else []
    nearest = did_you_mean(source, beside) or did_you_mean(path.stem, known) or ";"
    raise ExperimentError(
        Problem(shown(source), "", f"no such file{nearest} {plural} that come with rlkit: {', '.join(known) or 'none'}")
    )
