"""What an experiment replays: its agent's buffer, and the memory that the stored steps take. No TensorFlow."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple, cast

from rlkit.catalogue.catalogue import Catalogue
from rlkit.contracts.agent import Agent
from rlkit.contracts.buffer import Buffer, Columns, Storage
from rlkit.contracts.demand import Due, Sampling
from rlkit.contracts.spaces import Spaces
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.plain_data.buffers import buffer_field
from rlkit.replay.columns import bytes_needed, step_columns
from rlkit.replay.rollout import RolloutBuffer


def buffer_for(agent: Agent, spaces: Spaces, catalogue: Catalogue) -> Buffer | None:
    """What an agent learns from: the field whose kind is buffer, or its rollouts; None if it asks for neither."""
    sampling = agent.sampling
    if sampling.order == "rollout":
        return RolloutBuffer(sampling.length * spaces.environments)
    field = buffer_field(agent, catalogue)
    return None if field is None else cast(Buffer, getattr(agent, field))


def buffer_of(experiment: Experiment) -> Buffer:
    """What an experiment's agent learns from.

    Raises:
        ExperimentError: if there is nothing.
    """
    buffer = buffer_for(experiment.agent, experiment.spaces, experiment.catalogue)
    if buffer is not None:
        return buffer
    name = experiment.catalogue.entry_of(experiment.agent).name
    message = (
        f"agent {name!r} has no part of the kind buffer, so there is nothing to learn from; "
        "one that learns from rollouts has the sampling rlkit.Sampling.rollout(length)"
    )
    raise ExperimentError(Problem(experiment.source, "agent", message))


def storage_for(buffer: Buffer, sampling: Sampling, spaces: Spaces, columns: Columns) -> Storage:
    """What a buffer's selection is built for."""
    environments = spaces.environments
    return Storage(buffer.capacity // environments * environments, environments, sampling, columns)


def due_for(agent: Agent, storage: Storage) -> Due:
    """When an agent learns: from rollouts not before the first is whole."""
    due = agent.due
    if agent.sampling.order == "rollout":
        due = due._replace(first=max(due.first, storage.capacity))
    return due


def on_disk(experiment: Experiment) -> bool:
    """Whether the buffer asks for its observations to be mapped from a file: `storage: disk`."""
    return getattr(buffer_of(experiment), "storage", "memory") == "disk"


def replay_file(experiment: Experiment, folder: Path) -> IO[bytes] | None:
    """A file without a name in a folder, for observations on disk; it is gone when the process is. None for memory."""
    return TemporaryFile(dir=folder) if on_disk(experiment) else None


class Needed(NamedTuple):
    """Bytes that stored steps take once the ring is full, what the agent stores with a step left out."""

    memory: int
    """Of the ring."""
    disk: int
    """Of its observations, where they are mapped from a file."""
    sample: int
    """Of what is learned from at once."""


def needed_bytes(experiment: Experiment) -> Needed:
    """What an experiment's ring and samples take."""
    spaces, sampling, capacity = experiment.spaces, experiment.agent.sampling, buffer_of(experiment).capacity
    columns, seen = step_columns(spaces, {}), spaces.observation
    sample = bytes_needed(sampling.size * (sampling.before + sampling.length), columns)
    if not on_disk(experiment):
        return Needed(bytes_needed(capacity, columns, seen), 0, sample)
    rest = {name: column for name, column in columns.items() if not name.endswith("observation")}
    ring, in_memory = bytes_needed(capacity, columns, seen), bytes_needed(capacity, rest)
    return Needed(in_memory, ring - in_memory, sample)


def replay_bytes(experiment: Experiment) -> int:
    """What the ring takes once it is full, in memory and on disk."""
    needed = needed_bytes(experiment)
    return needed.memory + needed.disk
