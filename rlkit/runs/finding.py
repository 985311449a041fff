"""Finding runs: by folder, by run id, by experiment, or the newest. Reads run.json files and nothing else."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rlkit.experiment.regular_files import read_bytes

LAST = "last"
"""Stands for the newest run of all."""

_TYPES = {"experiment": str, "seed": int, "status": str, "updates": int, "weights": dict}
"""Of those values of run.json that are more than shown."""
_STAMP = re.compile(r"\d{8}-\d{6}")


class RunNotFound(LookupError):
    """Nothing, or more than one run, answers to what was asked for; its text is a sentence for people."""


@dataclass(frozen=True)
class FoundRun:
    """A run folder and what its run.json says."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def run_id(self) -> str:
        """The folder's own name."""
        return self.folder.name

    @property
    def experiment(self) -> str:
        """The experiment's name."""
        return str(self.manifest["experiment"])

    @property
    def started(self) -> str:
        """Local time as `20261122-211530`: of the run id, or of run.json in a folder that was renamed."""
        if _STAMP.match(self.run_id):
            return self.run_id[:15]
        return time.strftime("%Y%m%d-%H%M%S", time.localtime((self.folder / "run.json").stat().st_mtime))


class Runs(NamedTuple):
    """The runs below a folder."""

    runs: tuple[FoundRun, ...]
    """Newest first."""
    others: tuple[str, ...]
    """A sentence for each folder that holds no run, or a damaged one."""


def runs_in(out: Path) -> Runs:
    """The runs of a folder `OUT/<experiment>/<run id>/`; that of one experiment serves as well.

    Raises:
        RunNotFound: there is no such folder.
    """
    runs, others = [], []
    for folder in _run_folders(out):
        try:
            runs.append(read_run(folder))
        except RunNotFound as error:
            others.append(str(error))
    return Runs(tuple(sorted(runs, key=lambda run: (run.started, run.run_id), reverse=True)), tuple(others))


def find(name: str, out: Path) -> FoundRun:
    """The run that a person means.

    Args:
        name: `last`, a run id, an experiment's name (its newest run), or a run's folder. What holds a separator is a
            folder; a folder of the current directory is meant where no run below `out` answers to its name.
        out: where to look.

    Raises:
        RunNotFound: with the nearest match.
    """
    path = Path(name)
    if os.sep in name or (os.altsep and os.altsep in name) or name in (".", ".."):
        return read_run(path.resolve() if path.is_dir() else path)
    try:
        runs, others = runs_in(out)
    except RunNotFound:
        if path.is_dir():
            return read_run(path)
        raise
    if name == LAST and runs:
        return runs[0]
    same = [run for run in runs if run.run_id == name]
    if len(same) > 1:
        raise RunNotFound(f"several runs are called '{name}': {', '.join(str(run.folder) for run in same)}")
    answering = same or [run for run in runs if run.experiment == name]
    if answering:
        return answering[0]
    if path.is_dir():
        return read_run(path)
    raise _unknown(name, runs, others, out)


def read_run(folder: Path) -> FoundRun:
    """The run in a folder.

    Raises:
        RunNotFound: it holds no run.json that this version can read.
    """
    file = folder / "run.json"
    try:
        manifest = json.loads(read_bytes(file))
    except FileNotFoundError:
        what = "it holds no run.json" if folder.is_dir() else "there is no such folder"
        raise RunNotFound(f"{folder} is no run: {what}") from None
    except OSError as error:
        raise RunNotFound(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise RunNotFound(f"{file} is damaged: it is no JSON") from None
    if (
        not isinstance(manifest, dict)
        or not all(isinstance(manifest.get(key, kind()), kind) for key, kind in _TYPES.items())
        or "experiment" not in manifest
    ):
        raise RunNotFound(f"{file} does not describe a run of rlkit")
    if manifest.get("format") != 1:
        raise RunNotFound(f"{file} has format {manifest.get('format')}; this version of rlkit reads format 1")
    return FoundRun(folder, manifest)


def _run_folders(out: Path) -> list[Path]:
    """Folders that should hold a run; an experiment's folder without any stands for itself.

    Studies and searches keep runs of their own, and are none.
    """
    found: list[Path] = []
    for folder in _folders(out):
        if any((folder / file).exists() for file in ("plan.json", "tuning.yaml")):
            continue
        own = (folder / "run.json").exists()
        found += [folder] if own else (_folders(folder) or [folder])
    return found


def _folders(parent: Path) -> list[Path]:
    try:
        return sorted(
            Path(entry.path) for entry in os.scandir(parent) if entry.is_dir() and not entry.name.startswith(".")
        )
    except FileNotFoundError:
        raise RunNotFound(f"no folder {parent} to look for runs in") from None
    except OSError as error:
        raise RunNotFound(f"cannot look for runs in {parent}: {error.strerror}") from None


def _unknown(name: str, runs: tuple[FoundRun, ...], others: tuple[str, ...], out: Path) -> RunNotFound:
    from rlkit.catalogue.nearest import did_you_mean

    left_out = "".join(f"\nleft out: {sentence}" for sentence in others)
    if not runs:
        return RunNotFound(f"no run '{name}': there are no runs in {out}{left_out}")
    experiments = sorted({run.experiment for run in runs})
    nearest = did_you_mean(name, [*experiments, *(run.run_id for run in runs), LAST])
    return RunNotFound(
        f"no run '{name}' in {out}{nearest or ';'} experiments with runs: {', '.join(experiments)}{left_out}"
    )
