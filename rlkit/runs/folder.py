"""The run folder: a new one for each run, `OUT/<experiment>/<run id>/`."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlkit.runs.atomic import write_atomically
from rlkit.runs.plain_json import json_page

_RESERVED = 128 * 1024
"""Bytes: run.json, error.txt and the weights of a small agent."""


try:
    _STARTED_IN = os.getcwd()
except OSError:  # it has been removed
    _STARTED_IN = ""


class FolderError(OSError):
    """A run folder that could not be made; its text is a sentence for people."""


def absolute(out: Path) -> Path:
    """A place for runs, to be asked for before an environment is made, which may leave the working folder.

    Raises:
        FolderError: the place is relative, and the working folder is gone.
    """
    try:
        return Path(os.path.abspath(out))
    except OSError as error:
        raise FolderError(f"cannot make a run folder in {out}: the working folder is gone") from error


@dataclass(frozen=True)
class RunFolder:
    """One run's own folder. Each `write_...` replaces its file whole or not at all, and raises WriteError."""

    path: Path
    """Absolute: an environment may change the working folder."""

    @classmethod
    def create(cls, out: Path, experiment: str, seed: int) -> RunFolder:
        """Make `out/<experiment>/<run id>/`, a folder that no other process has.

        The run id is the local time and the seed (`20261122-211530-seed0`), so that names sort by age; a second
        run within the same second gets `-2`, and so on.

        Raises:
            FolderError: `out` is a file, is not writable, or the experiment's name is no folder name.
        """
        if experiment in ("", ".", "..") or Path(experiment).name != experiment:
            raise FolderError(f"the experiment's name {experiment!r} cannot name a folder")
        out = absolute(out)
        parent = out / experiment
        run_id = f"{time.strftime('%Y%m%d-%H%M%S')}-seed{seed}"
        try:
            parent.mkdir(parents=True, exist_ok=True)
            folder = cls(_make_new(parent, run_id))
        except OSError as error:
            raise FolderError(f"cannot make a run folder in {out}: {_reason(out, parent, error)}") from error
        try:
            folder.reserve.write_bytes(bytes(_RESERVED))
        except OSError:  # there is little room already, and what was written of it takes the rest
            folder.make_room()
        return folder

    @property
    def reserve(self) -> Path:
        """A file that keeps room on the disk for what tells how the run ended, should the disk be full by then."""
        return self.path / ".reserve"

    def make_room(self) -> None:
        """Give up the reserve: the run is about to end."""
        with contextlib.suppress(OSError):
            self.reserve.unlink(missing_ok=True)

    @property
    def run_id(self) -> str:
        """The folder's own name."""
        return self.path.name

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write run.json."""
        write_atomically(self.path / "run.json", json_page(manifest))

    def write_experiment(self, text: str) -> None:
        """Write experiment.yaml, the resolved experiment."""
        write_atomically(self.path / "experiment.yaml", text)

    def write_error(self, text: str) -> None:
        """Write error.txt, what failed and where."""
        write_atomically(self.path / "error.txt", text)


def shown_path(path: Path) -> str:
    """A path for people: from the folder on in which the program was started, if it lies below that."""
    return str(path.relative_to(_STARTED_IN)) if path.is_relative_to(_STARTED_IN) else str(path)


def _make_new(parent: Path, name: str) -> Path:
    """The folder `name`, or `name-2`, `name-3`, …: `mkdir` fails where another process was first."""
    folder, attempt = parent / name, 1
    while True:
        try:
            folder.mkdir()
        except FileExistsError:
            attempt += 1
            folder = parent / f"{name}-{attempt}"
        else:
            return folder


def _reason(out: Path, parent: Path, error: OSError) -> str:
    if isinstance(error, (FileExistsError, NotADirectoryError)):
        file = next((path for path in (parent, out, *out.parents) if path.is_file()), parent)
        return f"{file} is a file"
    return error.strerror or str(error)
