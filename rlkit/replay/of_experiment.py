"""What an experiment replays: its agent's buffer, and the memory that the stored steps take. No TensorFlow."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.parameters import parameters_of
from rlkit.contracts.agent import Agent
from rlkit.contracts.buffer import Buffer
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.experiment import Experiment
from rlkit.replay.ring import bytes_needed, step_columns


def buffer_in(agent: Agent, catalogue: Catalogue) -> Buffer | None:
    """The field of an agent whose kind is buffer, if it has one."""
    for parameter in parameters_of(type(agent), catalogue):
        if any(kind.name == "buffer" for kind in parameter.kinds):
            return cast(Buffer, getattr(agent, parameter.name))
    return None


def buffer_of(experiment: Experiment) -> Buffer:
    """The buffer of an experiment's agent.

    Raises:
        ExperimentError: if the agent has none.
    """
    buffer = buffer_in(experiment.agent, experiment.catalogue)
    if buffer is not None:
        return buffer
    name = experiment.catalogue.entry_of(experiment.agent).name
    message = f"agent {name!r} has no part of the kind buffer, so the stepwise loop has nothing to learn from"
    raise ExperimentError(Problem(experiment.source, "agent", message))


def on_disk(experiment: Experiment) -> bool:
    """Whether the buffer asks for its observations to be mapped from a file: `storage: disk`."""
    return getattr(buffer_of(experiment), "storage", "memory") == "disk"


def replay_file(experiment: Experiment, folder: Path) -> IO[bytes] | None:
    """A file without a name in a folder, for observations on disk; it is gone when the process is. None for memory."""
    return TemporaryFile(dir=folder) if on_disk(experiment) else None


def replay_bytes(experiment: Experiment) -> int:
    """Memory of the ring once it is full, what the agent stores with a step left out."""
    spaces = experiment.spaces
    return bytes_needed(buffer_of(experiment).capacity, step_columns(spaces, {}), spaces.observation.stack)
