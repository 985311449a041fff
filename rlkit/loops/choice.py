"""Which loop runs an experiment. Known without TensorFlow; what XLA refuses is found out when it compiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.experiment.experiment import Experiment
from rlkit.replay.of_experiment import buffer_of, on_disk

COMPILED, STEPWISE = "compiled", "stepwise"


def compiled_environment(experiment: Experiment) -> CompiledEnvironment | None:
    """The task as graph code, if the environment is that."""
    return cast("CompiledEnvironment | None", getattr(experiment.environment, "compiled", None))


def task_of(experiment: Experiment) -> str:
    """What the environment is called: its id, or its component's name."""
    environment = experiment.resolved.get("environment")
    described = environment if isinstance(environment, Mapping) else {}
    task = described.get("id") or described.get("name") or environment
    return str(task["name"] if isinstance(task, Mapping) else task)


def loop_of(experiment: Experiment) -> tuple[str, str]:
    """The loop's name and why it is this one.

    Raises:
        ExperimentError: if no loop can run it.
    """
    buffer_of(experiment)
    name = experiment.catalogue.entry_of(experiment.environment).name
    if not experiment.collects:
        return STEPWISE, f"learns from recorded data alone; environment {name!r} is for evaluation"
    if compiled_environment(experiment) is None:
        return STEPWISE, f"environment {name!r} is stepped in Python"
    if experiment.data is not None:
        return STEPWISE, "it learns from recorded data, which the ring of a compiled program does not take in"
    if experiment.save_rows:
        return STEPWISE, "its rows are saved, which the ring of a compiled program does not give out"
    for entry in experiment.entries:
        reason = getattr(entry.component, "host_only", "")
        if reason:
            return STEPWISE, f"{entry.kind.name} {entry.name!r} runs on the host only: {reason}"
    if on_disk(experiment):
        return STEPWISE, "the buffer's storage is disk, and a compiled program keeps its ring in memory"
    return COMPILED, f"environment {name!r} is graph code, as is everything else"
