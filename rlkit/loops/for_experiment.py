"""From an experiment to programs that are ready to run, in the loop that its environment asks for."""

from __future__ import annotations

import dataclasses

from rlkit.experiment.experiment import Experiment
from rlkit.loops.choice import COMPILED, compiled_environment, loop_of
from rlkit.loops.preparing import Prepared, prepare
from rlkit.loops.replay import buffer_of


def prepare_for(experiment: Experiment, *, training: bool = True, debug: bool = False) -> Prepared:
    """Make an experiment's agent and buffer ready: for the compiled loop if it can be, else for the stepwise one.

    Args:
        experiment: checked.
        training: False for greedy episodes only.
        debug: see `rlkit.api.run`.

    Raises whatever a component's `build` raises, and UnreachableStateError for hidden variables.
    """
    loop, _ = loop_of(experiment)
    environment = compiled_environment(experiment)
    if loop != COMPILED or environment is None:
        return prepare(experiment, debug=debug)
    from rlkit.loops.compiled.preparing import assemble_compiled
    from rlkit.loops.compiled.refusal import NotCompilableError

    try:
        return assemble_compiled(
            experiment.agent,
            buffer_of(experiment),
            environment,
            experiment.spaces,
            experiment.seed,
            steps_per_episode=experiment.limits.steps_per_episode,
            training=training,
            debug=debug,
            entries=experiment.entries,
        )
    except NotCompilableError as error:
        prepared = prepare(experiment, debug=debug)
        warning = f"runs in the stepwise loop: {error}"
        return dataclasses.replace(prepared, warnings=(warning, *prepared.warnings))
