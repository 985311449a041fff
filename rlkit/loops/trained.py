"""An experiment's loop at work: what cannot be done is told with the part that chose it."""

from __future__ import annotations

from collections.abc import Iterator

from rlkit.experiment.experiment import Experiment
from rlkit.faults.place import place_of
from rlkit.loops.loop import Loop
from rlkit.loops.training import Episode, EvaluationDue
from rlkit.worlds.world import ActionFailure


def trained(experiment: Experiment, loop: Loop) -> Iterator[Episode | EvaluationDue]:
    """`loop.train()`. An ActionFailure names the exploration, or the agent if it has none."""
    try:
        yield from loop.train()
    except ActionFailure as error:
        raise ActionFailure(f"{error}; {_chooser(experiment)}") from error


def _chooser(experiment: Experiment) -> str:
    by_kind = {entry.kind.name: entry for entry in experiment.entries}
    entry = by_kind.get("exploration", by_kind["agent"])
    place = place_of(entry.component)
    return f"what is done in training is chosen by {entry.kind.name} {entry.name!r}" + (f" ({place})" if place else "")
