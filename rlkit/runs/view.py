"""A run as its recorders see it at its start."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rlkit.contracts.events import RunView
from rlkit.contracts.recorder import Recorder
from rlkit.experiment.experiment import Experiment
from rlkit.runs.terminal import is_terminal


def named_recorders(experiment: Experiment) -> Sequence[tuple[str, Recorder]]:
    """The recorders with their names in the experiment file."""
    return [(experiment.catalogue.entry_of(recorder).name, recorder) for recorder in experiment.recorders]


def run_view(
    experiment: Experiment,
    folder: Path,
    run_id: str,
    *,
    quiet: bool,
    record_episode: Callable[[Path], None],
    trial: bool = False,
) -> RunView:
    """What each recorder's `start` is given; `record_episode` and `trial` are those of `RunView`."""
    limits = {field.name: getattr(experiment.limits, field.name) for field in dataclasses.fields(experiment.limits)}
    return RunView(
        experiment=experiment.name,
        run_id=run_id,
        seed=experiment.seed,
        folder=folder,
        resolved=experiment.resolved,
        quiet=quiet,
        trial=trial,
        terminal=is_terminal(sys.stderr),
        limits={name: limit for name, limit in limits.items() if limit is not None},
        record_episode=record_episode,
    )
