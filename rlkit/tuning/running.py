"""Running a search: trials at the same time, the seeds of each one after another."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from rlkit.contracts.launcher import Order
from rlkit.experiment.errors import ExperimentError
from rlkit.runs.finding import RunNotFound, read_run
from rlkit.runs.interrupt import Presses
from rlkit.runs.launched import Settled, launched
from rlkit.runs.orders import OrderQueue, Wanted
from rlkit.runs.reading import RowsError
from rlkit.tuning.search import OpenTrial, Search, trial_name

MOST_DEATHS = 1
"""Of a trial's runs, through no fault of their own: it is made once more."""


@dataclass
class Progress:
    """How a search stands in this process, for whoever shows it."""

    search: Search
    began: float = field(default_factory=time.monotonic)
    open: dict[int, OpenTrial] = field(default_factory=dict)
    """By number, the trials that go on."""
    ended: int = 0
    """Trials that ended since `began`."""
    runs: int = 0
    """Runs that ended since `began`."""
    signal: int = 0
    interrupted: bool = False


Told = Callable[[Progress, str], None]
"""Called whenever something has changed, with a sentence where a person should read it."""


class _Trials(OrderQueue):
    """Orders of the trials that go on; a new one is begun when there is a place for it, and no sooner."""

    def __init__(self, progress: Progress, told: Told, debug: bool, presses: Presses) -> None:
        super().__init__()
        self.progress, self.told, self.debug, self.presses = progress, told, debug, presses
        self.trials: dict[Wanted, OpenTrial] = {}
        self.over = False

    def waiting(self) -> int:
        """Runs that wait, and trials that have not begun."""
        return super().waiting() + (0 if self.over else self.progress.search.left())

    def clear(self) -> None:
        """Nothing waits any more, and no trial begins."""
        super().clear()
        self.over = True

    def take(self, after: Order | None = None) -> Order | None:
        """See `rlkit.Orders`."""
        while not super().waiting() and not self.over and not self.presses.count:
            self._begin()
        return super().take(after)

    def _begin(self) -> None:
        search = self.progress.search
        try:
            trial = search.next()
        except ExperimentError as error:
            self.progress.ended += 1
            self.told(self.progress, f"a trial failed: its values do not go together: {error.problems[0]}")
            return
        if trial is None:
            self.over = True
            return
        self.progress.open[trial.number] = trial
        self.go_on(trial, search.settled(trial))

    def go_on(self, trial: OpenTrial, state: str) -> None:
        """Have the next seed run; or one that a process which was killed had finished taken note of."""
        search = self.progress.search
        while state == "RUNNING":
            seed = next(seed for seed in search.tuning.file.seeds if seed not in trial.scores)
            done = _done(search, trial, seed)
            if done is None:
                self.want(trial, seed)
                return
            state = self.scored(trial, seed, done)
        self.close(trial)

    def scored(self, trial: OpenTrial, seed: int, folder: Path) -> str:
        """Take note of a run that finished; gives the trial's state."""
        search = self.progress.search
        try:
            score = search.tuning.measure.score(folder)
        except (RunNotFound, RowsError, OSError) as error:
            return self._without_score(trial, f"seed {seed}: its run cannot be measured: {error}")
        if score is None:
            return self._without_score(trial, f"seed {seed}: no episode ended, so there is nothing to measure")
        return search.scored(trial, seed, score)

    def _without_score(self, trial: OpenTrial, reason: str) -> str:
        self.progress.search.failed(trial, reason)
        return "FAIL"

    def want(self, trial: OpenTrial, seed: int, *, first: bool = True) -> None:
        """Have a run carried out; those of trials that go on come before new trials."""
        one = Wanted(trial.experiment, seed, self.progress.search.folder, self.debug)
        self.trials[one] = trial
        self.add(one, first=first)

    def close(self, trial: OpenTrial) -> None:
        """The trial is over."""
        self.progress.open.pop(trial.number, None)
        self.progress.ended += 1
        self.told(self.progress, _sentence(self.progress.search, trial))


def run_search(search: Search, *, jobs: int | None, debug: bool, told: Told) -> Progress:
    """Run trials until there are enough of them, or somebody interrupts.

    Args:
        search: in its folder.
        jobs: trials at the same time; None for as many as the launcher has room for.
        debug: see `rlkit.api.run`.
        told: hears of everything.

    Raises:
        FolderError: a run folder cannot be made.
        WriteError: what came of a run cannot be written down.
    """
    progress = Progress(search)
    presses = Presses()
    queue = _Trials(progress, told, debug, presses)
    with closing(launched(queue, search.tuning.launcher, jobs, presses, go_on=True)) as ended:
        for settled in ended:
            progress.runs += 1
            _settle(queue, queue.trials.pop(settled.wanted), settled)
            told(progress, "")
            if presses.count:
                queue.clear()
    progress.signal, progress.interrupted = presses.signal, bool(presses.count)
    return progress


def _settle(queue: _Trials, trial: OpenTrial, settled: Settled) -> None:
    search, result, seed = queue.progress.search, settled.result, settled.wanted.seed
    if result.status == "interrupted":
        return  # the trial is gone on with by the next process
    if result.status == "finished":
        state = queue.scored(trial, seed, result.folder)
        if state == "RUNNING":
            queue.go_on(trial, state)
        else:
            queue.close(trial)
        return
    if settled.died and search.died(trial) <= MOST_DEATHS:
        queue.told(queue.progress, f"{_name(trial)}, seed {seed} was lost: {result.stop_reason}; it is made once more")
        queue.want(trial, seed)
        return
    search.failed(trial, f"seed {seed}: {result.stop_reason}")
    queue.close(trial)


def _done(search: Search, trial: OpenTrial, seed: int) -> Path | None:
    """The folder of this seed's run, if a process that was killed had finished it and not taken note of it."""
    parent = search.folder / trial_name(trial.number)
    if not parent.is_dir():
        return None
    for folder in sorted(parent.iterdir()):
        try:
            manifest = read_run(folder).manifest
        except RunNotFound:
            continue
        if manifest.get("seed") == seed and manifest.get("status") == "finished":
            return folder
    return None


def _name(trial: OpenTrial) -> str:
    return f"trial {trial.number}"


def _sentence(search: Search, trial: OpenTrial) -> str:
    """A failed trial is told at once, with its reason; the others are in the table."""
    told = search.study.get_trials(deepcopy=False)[trial.number]
    if told.state.name != "FAIL":
        return ""
    return f"{_name(trial)} failed: {told.user_attrs.get('reason', 'no reason was kept')}"
