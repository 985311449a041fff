"""Runs that a launcher carries out, and how each ended."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import NamedTuple

from rlkit.catalogue.discovery import discover
from rlkit.contracts.launcher import Ended, Launcher, LauncherError
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.nodes import lookup
from rlkit.runs.folder import RunFolder
from rlkit.runs.interrupt import Presses
from rlkit.runs.orders import OrderQueue, Wanted
from rlkit.runs.result import Result
from rlkit.runs.settling import settle

DEFAULT = "local"
"""The launcher where none is named."""


class Settled(NamedTuple):
    """A run that is over."""

    wanted: Wanted
    result: Result
    died: bool
    """It was lost through no fault of its own: its process died, its machine is gone."""


def local_launcher() -> Launcher:
    """Processes of this machine."""
    catalogue = discover()
    launcher: Launcher = catalogue.find("launcher", DEFAULT).component()
    return launcher


def launched(
    queue: OrderQueue, launcher: Launcher, jobs: int | None, presses: Presses, *, go_on: bool = False
) -> Generator[Settled]:
    """Carry out what waits in the queue; yields each run as it ends. More may be added between two of them.

    The first Ctrl-C interrupts the runs that go on, and no other begins; the second ends them at once. Nothing is left
    running when the iterator is closed.

    Args:
        queue: what waits.
        launcher: what carries it out.
        jobs: at the same time at most; None for as many as the launcher has room for.
        presses: entered here.
        go_on: whether an experiment of which building tells that it is wrong is a run that failed like any other.

    Raises:
        ExperimentError: what only building can tell of an experiment, which is then wrong for every seed.
        FolderError: a run folder cannot be made.
        LauncherError: the launcher can carry out nothing, or nothing more.
    """
    wrong: ExperimentError | None = None
    with presses, closing(_iterator(launcher.launch(queue, jobs, presses), queue)) as ends:
        for end in ends:
            wanted = queue.settled(end.order)
            if end.problems and wrong is None and not go_on:
                wrong = _placed(end, wanted.experiment)
                queue.clear()
                presses.ask()
            interrupted = presses.count and not end.problems
            reason = end.reason or "; ".join(problem.message for problem in end.problems)
            if interrupted and end.died:
                reason = "interrupted"
            status = "interrupted" if interrupted else "failed"
            result = settle(RunFolder(end.order.folder), wanted.seeded, status, reason)
            if wrong is None:
                yield Settled(wanted, result, end.died)
    if wrong:
        raise wrong


def _iterator(ends: Iterator[Ended], queue: OrderQueue) -> Generator[Ended]:
    """One that can be closed, whatever the launcher returns."""
    try:
        yield from ends
    except LauncherError:
        queue.give_up()
        raise


def _placed(end: Ended, experiment: Experiment) -> ExperimentError:
    """The problems at their places in the file that the person wrote, not in what was sent."""
    problems = []
    for problem in end.problems:
        mark = lookup(experiment.document, problem.path)[1] if problem.path else None
        problems.append(Problem(str(mark) if mark else problem.where, problem.path, problem.message))
    return ExperimentError(*problems)
