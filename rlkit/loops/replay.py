"""What an experiment replays: its agent's buffer, and the memory that the stored steps take. No TensorFlow."""

from __future__ import annotations

from typing import cast

from rlkit.catalogue.parameters import parameters_of
from rlkit.contracts.buffer import Buffer
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.experiment import Experiment
from rlkit.loops.ring import bytes_needed, step_columns


def buffer_of(experiment: Experiment) -> Buffer:
    """The field of the agent whose kind is buffer.

    Raises:
        ExperimentError: if the agent has none.
    """
    for parameter in parameters_of(type(experiment.agent), experiment.catalogue):
        if any(kind.name == "buffer" for kind in parameter.kinds):
            return cast(Buffer, getattr(experiment.agent, parameter.name))
    name = experiment.catalogue.entry_of(experiment.agent).name
    message = f"agent {name!r} has no part of the kind buffer, so the stepwise loop has nothing to learn from"
    raise ExperimentError(Problem(experiment.source, "agent", message))


def replay_bytes(experiment: Experiment) -> int:
    """Memory of the ring once it is full, what the agent stores with a step left out."""
    return bytes_needed(buffer_of(experiment).capacity, step_columns(experiment.spaces, {}))
