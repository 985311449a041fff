"""What a run leaves of its agent: weights, and the rows that it was asked to keep."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rlkit.contracts.data import Progress
from rlkit.experiment.experiment import Experiment
from rlkit.runs.best import BestWeights
from rlkit.runs.final_weights import keep_weights
from rlkit.runs.run_warnings import RunWarnings
from rlkit.runs.saved_rows import keep_rows

if TYPE_CHECKING:
    from rlkit.loops.loop import Loop
    from rlkit.programs.ready import ReadyPrograms


class Left(NamedTuple):
    """Entries for run.json."""

    weights: Mapping[str, Mapping[str, Any]]
    rows: Mapping[str, Any]
    lost: str
    """Why a run that went through has failed all the same: what it is for could not be kept. Empty if it was."""


def leave(
    folder: Path,
    experiment: Experiment,
    prepared: ReadyPrograms | None,
    best: BestWeights | None,
    loop: Loop | None,
    progress: Progress,
    warnings: RunWarnings,
) -> Left:
    """Write weights and rows, as far as they can be.

    Args:
        folder: of the run.
        experiment: that was run.
        prepared: its programs, if it came so far.
        best: the best weights, likewise.
        loop: likewise.
        progress: at the end, of episodes those that have rows.
        warnings: where what could not be kept is told.
    """
    weights: Mapping[str, Mapping[str, Any]] = {}
    step, episodes, update, _ = progress
    if prepared is not None and best is not None:
        read = prepared.acting.backend.read
        weights = keep_weights(folder, read, best, episode=episodes - 1, step=step, update=update, warnings=warnings)
    lost = "" if "final" in weights else warnings.last or "there are no final weights"
    rows: Mapping[str, Any] = {}
    if experiment.save_rows and loop is not None and loop.ring is not None and loop.ring.stored:
        with warnings.kept("rows.npz"):
            rows = keep_rows(folder, loop.ring, experiment)
        if not rows:
            lost = lost or f"the rows, which save_rows asks for, are lost: {warnings.last}"
    return Left(weights, rows, lost)
