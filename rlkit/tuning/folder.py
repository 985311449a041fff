"""A tuning's folder: tuning.yaml, the journal, the runs, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from rlkit.experiment.nodes import plain
from rlkit.experiment.resolved import to_yaml
from rlkit.runs.atomic import write_atomically
from rlkit.runs.folder import FolderError, absolute
from rlkit.tuning.checking import Tuning
from rlkit.tuning.journal import FILE, Worker
from rlkit.tuning.search import Search, TuningError
from rlkit.tuning.winner import experiment_file


def own_folder(source: str) -> Path | None:
    """The folder, where a person names that of a search instead of a file."""
    path = Path(source)
    return absolute(path) if (path / "tuning.yaml").is_file() else None


@contextmanager
def made(folder: Path) -> Iterator[Worker]:
    """Make the folder, and be one of those who work in it.

    Raises:
        FolderError: it cannot be made.
    """
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            worker = Worker(folder)
            stack.enter_context(worker.at_work())
        except OSError as error:
            raise FolderError(f"cannot use the tuning's folder {folder}: {error.strerror or error}") from error
        yield worker


def opened(tuning: Tuning, folder: Path, worker: Worker) -> Search:
    """The search in its folder, which is this tuning's own from now on.

    Raises:
        TuningError: the folder holds another search.
        WriteError: tuning.yaml cannot be written.
    """
    search = Search(tuning, folder, worker)
    write_atomically(folder / "tuning.yaml", _tuning_yaml(tuning))
    write_atomically(folder / "base.yaml", to_yaml(tuning.base.resolved))
    return search


def written(tuning: Tuning, folder: Path, number: int, output: Path | None) -> Path:
    """The experiment file of a trial, written.

    Raises:
        TuningError: there is no such trial.
        WriteError: it cannot be written.
    """
    if not (folder / FILE).is_file():
        raise TuningError(f"there is no search in {folder}: it holds no {FILE}")
    search = Search(tuning, folder, Worker(folder))
    trials = search.study.get_trials(deepcopy=False)
    if not 0 <= number < len(trials):
        allowed = f"0 to {len(trials) - 1}" if trials else "none yet"
        raise TuningError(f"found --trial {number}; trials of this search: {allowed}")
    file = folder / f"trial-{number}.yaml" if output is None else output
    text = experiment_file(tuning, trials[number], f"{tuning.file.name}_trial_{number}")
    try:
        write_atomically(file, text)
    except FileNotFoundError as error:
        raise TuningError(f"cannot write {file}: {error.strerror}") from error
    return file


def _tuning_yaml(tuning: Tuning) -> str:
    """The search with its base written out in base.yaml beside it; running it again goes on with the same search."""
    file = tuning.file
    told: dict[str, Any] = {
        "tune": file.name,
        "base": "base.yaml",
        "space": {one.key: one.told() for one in tuning.space},
        "trials": file.trials,
        "seeds": list(file.seeds),
        "test_seeds": list(file.test_seeds),
        "objective": tuning.measure.options(),
        "sampler": file.sampler.told(),
        "pruner": file.pruner.told(),
    }
    if file.launcher is not None:
        told["launcher"] = plain(file.launcher)
    return "# The search as it was asked for. `rlkit tune` of this folder goes on with it.\n" + to_yaml(told)
