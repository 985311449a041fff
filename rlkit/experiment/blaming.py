"""What is wrong with a part that is found only when it is built, at its place in the experiment file."""

from __future__ import annotations

from rlkit.contracts.component import ParameterError
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.nodes import lookup


def problem_of_part(experiment: Experiment, error: ParameterError) -> ExperimentError:
    """What to raise for an error whose `parameter` is a path from the agent, such as `exploration.schedule`."""
    slot = error.parameter.partition(".")[0]
    path = error.parameter if slot in experiment.resolved else f"agent.{error.parameter}"
    _, mark = lookup(experiment.document, path)
    return ExperimentError(Problem(str(mark), path, error.message, error))
