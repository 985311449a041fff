"""Which loop runs an experiment. Known without TensorFlow."""

from __future__ import annotations

from rlkit.experiment.experiment import Experiment
from rlkit.loops.replay import buffer_of


def loop_of(experiment: Experiment) -> tuple[str, str]:
    """The loop's name and why it is this one.

    Raises:
        ExperimentError: if no loop can run it.
    """
    buffer_of(experiment)
    name = experiment.catalogue.entry_of(experiment.environment).name
    return "stepwise", f"environment {name!r} is stepped in Python"
