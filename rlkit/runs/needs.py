"""What a run is going to need, asked before it starts: a row for each environment, memory, room on the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

from rlkit.catalogue.parameters import parameters_of
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.nodes import lookup
from rlkit.replay.of_experiment import buffer_of, needed_bytes, on_disk
from rlkit.runs.memory import memory_short, shown_size


def check_needs(experiment: Experiment, out: Path, *, copies: int = 1) -> None:
    """Raise ExperimentError, at the parameter that is to blame, if a run would not fit.

    Args:
        experiment: checked.
        out: where run folders are made; what lies on disk lies there.
        copies: runs at the same time.
    """
    capacity, environments = buffer_of(experiment).capacity, experiment.spaces.environments
    path, needed = _path_of_capacity(experiment), needed_bytes(experiment)
    if capacity < environments:
        message = f"found {capacity}; allowed: at least {environments}, a row for each of so many environments"
        raise ExperimentError(_problem(experiment, path, message))
    times = f", {copies} times," if copies > 1 else ""
    ring, sample = f"the ring of {capacity:,} rows", f"a sample of {experiment.agent.sampling.size:,} rows"
    beside = f"{sample}, beside {ring} ({path}){times or ','}" if needed.memory > needed.sample else f"{sample}{times}"
    problems = []
    if on_disk(experiment) and (short := _disk_short(copies * needed.disk, f"{ring}{times}", out)):
        problems.append(_problem(experiment, path, short))
    if short := memory_short(copies * needed.memory, f"{ring}{times}"):
        problems.append(_problem(experiment, path, short))
    elif short := memory_short(copies * (needed.memory + needed.sample), beside):
        problems.append(_problem(experiment, _path_of_size(experiment), short))
    if problems:
        raise ExperimentError(*problems)


def _disk_short(needed: int, what: str, out: Path) -> str:
    """What to say if the disk of a folder, which need not exist, has no room for `what`; else nothing."""
    place = next((place for place in (out.absolute(), *out.absolute().parents) if place.exists()), Path("/"))
    free = shutil.disk_usage(place).free
    if needed <= free:
        return ""
    return f"{what} needs {shown_size(needed)} on the disk of the folder {out}, and {shown_size(free)} is free"


def _problem(experiment: Experiment, path: str, message: str) -> Problem:
    return Problem(str(lookup(experiment.document, path)[1]), path, message)


def _path_of_capacity(experiment: Experiment) -> str:
    """The parameter that says how many rows there are: of the agent's buffer, or of the agent where it has none."""
    for parameter in parameters_of(type(experiment.agent), experiment.catalogue):
        if any(kind.name == "buffer" for kind in parameter.kinds):
            return f"{parameter.name}.capacity"
    return "agent"


def _path_of_size(experiment: Experiment) -> str:
    """The agent's parameter that is the size of a sample, if one is called so."""
    return "agent.batch_size" if hasattr(experiment.agent, "batch_size") else "agent"
