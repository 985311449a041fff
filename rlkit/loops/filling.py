"""Recorded data as the first rows of a loop's ring."""

from __future__ import annotations

from rlkit.catalogue.faults import one_line
from rlkit.contracts.component import ParameterError
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.nodes import lookup
from rlkit.experiment.plain_data.recordings import opened
from rlkit.experiment.recorded import origin_of
from rlkit.loops.loop import Loop
from rlkit.programs.ready import ReadyPrograms
from rlkit.replay.columns import EXTRA
from rlkit.replay.recorded import fill


def fill_from_data(experiment: Experiment, ready: ReadyPrograms, loop: Loop) -> None:
    """Store an experiment's recorded data, if it has some, in the loop's ring, which is empty.

    Raises:
        ExperimentError: the data is damaged, or cannot be that of this environment or for this agent.
    """
    data, ring = experiment.data, loop.ring
    if data is None or ring is None:
        return
    name = experiment.catalogue.entry_of(data).name
    extras = [column.removeprefix(EXTRA) for column in ring.columns if column.startswith(EXTRA)]
    if extras:
        agent = experiment.catalogue.entry_of(experiment.agent).name
        raise _problem(
            experiment,
            "data",
            f"agent '{agent}' stores {', '.join(extras)} with each of its own steps, which recorded data lacks; "
            "allowed beside data: an agent whose act has no extras",
        )
    try:
        recording = opened(data, experiment.spaces)
        loop.taken, loop.data_facts = fill(ring, recording, ready.spaces), dict(recording.facts)
        loop.data_warning = origin_of(experiment, recording)
    except ParameterError as error:
        raise _problem(experiment, f"data.{error.parameter}", error.message, error) from error
    except ValueError as error:
        raise _problem(experiment, "data", f"'{name}': {error}", error) from error
    except (Exception, SystemExit) as error:
        failed = f"'{name}': its own code failed: {one_line(error, type(data).__module__)}"
        raise _problem(experiment, "data", failed, error) from error


def _problem(experiment: Experiment, path: str, message: str, cause: BaseException | None = None) -> ExperimentError:
    return ExperimentError(Problem(str(lookup(experiment.document, path)[1]), path, message, cause))
