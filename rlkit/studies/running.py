"""Running what a study has planned and not done."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rlkit.contracts.launcher import Launcher
from rlkit.runs.folder import RunFolder
from rlkit.runs.interrupt import Presses
from rlkit.runs.launched import Settled, launched
from rlkit.runs.orders import OrderQueue, Wanted
from rlkit.runs.result import Result
from rlkit.studies.folder import StudyFolder
from rlkit.studies.plan import Plan, PlannedRun
from rlkit.studies.plan_file import RunState

MOST_ATTEMPTS = 2
"""Of a run that dies through no fault of its own: it is made once more."""


@dataclass
class Progress:
    """How a study stands, for whoever shows it."""

    plan: Plan
    folder: StudyFolder
    jobs: int | None
    began: float = field(default_factory=time.monotonic)
    results: dict[tuple[str, str, int], Result] = field(default_factory=dict)
    """Of the runs that ended since `began`."""
    signal: int = 0
    interrupted: bool = False
    _manifests: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def manifest(self, state: RunState) -> Mapping[str, Any]:
        """What run.json tells of a run that finished."""
        folder = str(state.folder)
        if folder not in self._manifests:
            self._manifests[folder] = self.folder.manifest(state)
        return self._manifests[folder]

    def states(self, variant: str, environment: str | None = None) -> list[RunState]:
        """The runs of a variant, in one environment or in all."""
        return [
            state
            for state in self.folder.runs.values()
            if state.variant == variant and environment in (None, state.environment)
        ]


Told = Callable[[Progress, RunState], None]
"""Called whenever a run begins or ends."""
More = Callable[[Progress], list[PlannedRun]]
"""What else is to be run, asked whenever a run has ended; what it gives has been added to the plan's folder."""


def run_study(
    plan: Plan,
    folder: StudyFolder,
    launcher: Launcher,
    *,
    jobs: int | None,
    debug: bool,
    told: Told,
    first: list[PlannedRun] | None = None,
    more: More | None = None,
) -> Progress:
    """Run all that waits, each run into a folder below the study's; its state is kept in plan.json as it changes.

    Args:
        plan: which `folder` has taken up, and holds.
        folder: of the study.
        launcher: what carries the runs out.
        jobs: at the same time at most; None for as many as the launcher has room for.
        debug: see `rlkit.api.run`.
        told: hears of each run that begins or ends.
        first: the runs to begin with; by default all.
        more: asked for further ones.

    Raises:
        ExperimentError: what only building can tell of an experiment; nothing else is begun.
        FolderError: a run folder cannot be made.
        WriteError: plan.json cannot be written.
    """
    progress = Progress(plan, folder, jobs)
    wanted: dict[Wanted, PlannedRun] = {}

    def began(one: Wanted, made: RunFolder) -> None:
        state = folder.state_of(wanted[one])
        state.state, state.attempts, state.reason = "running", state.attempts + 1, ""
        state.folder = str(made.path.relative_to(folder.path))
        folder.write(plan)
        told(progress, state)

    queue, presses = OrderQueue(began), Presses()

    def add(run: PlannedRun, *, ahead: bool = False) -> None:
        one = Wanted(run.cell.experiment, run.seed, folder.path, debug)
        wanted[one] = run
        queue.add(one, first=ahead)

    for run in first if first is not None else plan.runs():
        if folder.state_of(run).state == "waiting":
            add(run)
    with closing(launched(queue, launcher, jobs, presses)) as ended:
        for settled in ended:
            run = wanted.pop(settled.wanted)
            state = folder.state_of(run)
            again = _settle(progress, state, settled)
            folder.write(plan)
            told(progress, state)
            if again and not presses.count:
                add(run, ahead=True)
            if more is not None and not presses.count:
                for other in more(progress):
                    add(other)
    progress.signal = presses.signal or next((r.signal for r in progress.results.values() if r.signal), 0)
    progress.interrupted = bool(presses.count)
    return progress


def _settle(progress: Progress, state: RunState, settled: Settled) -> bool:
    """Take note of how a run ended; whether it is worth another try."""
    result = settled.result
    progress.results[state.key] = result
    if settled.died and result.status == "failed" and state.attempts < MOST_ATTEMPTS:
        state.state, state.reason = "waiting", result.stop_reason
        return True
    state.state = result.status
    state.reason = "" if result.status == "finished" else result.stop_reason
    return False


def folder_of(out: Path, plan: Plan) -> StudyFolder:
    """The study's folder below `out`."""
    return StudyFolder(out / plan.study.name)
