"""What the parts of an experiment say of themselves, all of it."""

from __future__ import annotations

from rlkit.experiment.experiment import Experiment
from rlkit.experiment.plain_data.agents import check_agent
from rlkit.experiment.plain_data.buffers import buffer_field, check_buffer


def check_parts(experiment: Experiment) -> None:
    """What an agent and its buffer say. Raises PartError for what their contracts do not allow."""
    agent, catalogue, environments = experiment.agent, experiment.catalogue, experiment.spaces.environments
    field = buffer_field(agent, catalogue)
    if field is not None:
        check_buffer(getattr(agent, field), environments)
    check_agent(agent, catalogue, environments)
