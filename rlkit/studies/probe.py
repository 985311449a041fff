"""How long a study is going to take, from a short run of each of its experiments."""

from __future__ import annotations

import math
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rlkit.experiment.errors import ExperimentError
from rlkit.experiment.experiment import Experiment
from rlkit.runs.folder import RunFolder
from rlkit.runs.result import RunFailed
from rlkit.runs.run import carry_out
from rlkit.studies.plan import Plan

_SECONDS = 2.0
"""Of training, of each experiment that is tried."""
_MOST_SECONDS = 60.0
"""For all of them; those that are not tried are taken for the mean of the others."""


class TrialInterrupted(KeyboardInterrupt):
    """A signal, SIGINT or another, ended a trial."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = number


@dataclass(frozen=True)
class Estimate:
    """What a run of an experiment takes; None where nothing limits it."""

    start_up: float
    """Seconds, once a process."""
    seconds: float | None
    """Of each run: to its limits, or as long as the trial took if that was over by itself."""
    ended: bool = False
    """The trial was over by itself."""
    failed: str = ""
    """Why the trial failed."""


def estimates(plan: Plan) -> Mapping[tuple[str, str], Estimate]:
    """By variant and environment, for those that were tried. Raises TrialInterrupted."""
    found: dict[tuple[str, str], Estimate] = {}
    began = time.monotonic()
    for cell in plan.cells:
        if time.monotonic() - began > _MOST_SECONDS:
            break
        found[cell.variant, cell.environment] = estimate_of(cell.experiment)
    return found


def total(
    plan: Plan, found: Mapping[tuple[str, str], Estimate], waiting: Mapping[tuple[str, str], int], jobs: int
) -> float | None:
    """Seconds by the clock for the runs that wait, or None where nothing limits one of them.

    Args:
        plan: the study's.
        found: from `estimates`.
        waiting: runs by variant and environment.
        jobs: at the same time.
    """
    known = [estimate for estimate in found.values() if not estimate.failed]
    if not known or any(estimate.seconds is None for estimate in known):
        return None
    mean = sum(estimate.seconds or 0.0 for estimate in known) / len(known)
    start = max(estimate.start_up for estimate in known)
    seconds = sum(count * (_seconds(found.get(key)) or mean) for key, count in waiting.items())
    return seconds / jobs + start * math.ceil(len(plan.cells) / jobs)


def _seconds(estimate: Estimate | None) -> float | None:
    return estimate.seconds if estimate is not None and not estimate.failed else None


def estimate_of(experiment: Experiment) -> Estimate:
    """A run of the experiment that its clock ends, and what follows from its speed. Raises TrialInterrupted."""
    limits = experiment.limits
    try:
        trial = experiment.override(f"limits.seconds={_SECONDS}", "recorders=[]", "evaluation.episodes=0")
        with tempfile.TemporaryDirectory() as out:
            folder = RunFolder.create(Path(out), trial.name, trial.seed)
            result = carry_out(trial, folder, quiet=True, debug=False)
    except RunFailed as error:
        return Estimate(0.0, None, failed=str(error))
    except ExperimentError as error:
        return Estimate(0.0, None, failed=str(error.problems[0]))
    if result.status == "interrupted":
        raise TrialInterrupted(result.signal or signal.SIGINT)
    start_up, training = result.seconds["startup"], max(result.seconds["training"], 1e-3)
    at_most: list[float] = list(
        _at_most(limits.seconds, limits.total, result.steps / training, limits.updates, result.updates / training)
    )
    if limits.episodes is not None and result.episodes:
        at_most.append(limits.episodes * training / result.episodes)
    if result.solved:
        return Estimate(start_up, training, ended=True)
    return Estimate(start_up, min(at_most, default=None))


def _at_most(
    seconds: float | None, steps: int | None, steps_per_second: float, updates: int | None, updates_per_second: float
) -> Iterator[float]:
    if seconds is not None:
        yield seconds
    if steps is not None and steps_per_second:
        yield steps / steps_per_second
    if updates is not None and updates_per_second:
        yield updates / updates_per_second
