"""One run from start to end: prepare, train, evaluate."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rlkit.contracts.stop import Stopped
from rlkit.experiment.errors import ExperimentError
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.loading import as_told
from rlkit.faults.authors import one_line, where
from rlkit.loops.reused_programs import ReusedPrograms
from rlkit.runs.allowed_imports import remember
from rlkit.runs.atomic import WriteError
from rlkit.runs.books import Books
from rlkit.runs.collection import collection_paused, startup_spared
from rlkit.runs.failure import describe_failure
from rlkit.runs.folder import RunFolder, absolute
from rlkit.runs.interrupt import Interrupt
from rlkit.runs.metrics_interval import metrics_interval
from rlkit.runs.needs import check_needs
from rlkit.runs.result import Result, RunFailed
from rlkit.runs.settling import settle
from rlkit.runs.stopping import StopCriteria, StopFault
from rlkit.runs.summary import header, summary
from rlkit.runs.terminal import say
from rlkit.runs.video import check_frames
from rlkit.runs.waiting import waiting

if TYPE_CHECKING:
    from rlkit.loops.loop import Loop
    from rlkit.programs.ready import ReadyPrograms


def run(experiment: Experiment, *, out: Path, quiet: bool, debug: bool) -> Result:
    """Run an experiment to its end. See `rlkit.api.run`.

    Raises:
        RunFailed: the environment or a component failed; the folder holds what was recorded, and error.txt.
        FolderError: before anything ran.
        ExperimentError: before anything ran, if it would not fit memory or disk, if a recorder needs frames and the
            environment draws none, if the values of a schedule are out of range, or if parts were replaced in Python by
            some that no experiment file can hold.
        WriteError: the run folder can no longer be written.
    """
    out = absolute(out)
    experiment = as_told(experiment)
    check_before(experiment, out)
    folder = RunFolder.create(out, experiment.name, experiment.seed)
    if not quiet:
        say(header(experiment, folder.path))
    result = carry_out(experiment, folder, quiet=quiet, debug=debug)
    if not quiet:
        say(summary(result))
    return result


def check_before(experiment: Experiment, out: Path, *, copies: int = 1) -> None:
    """Raise what `run` raises before anything ran, the folder aside; `copies` run at the same time."""
    check_needs(experiment, out, copies=copies)
    if any(getattr(recorder, "needs_frames", False) for recorder in experiment.recorders):
        check_frames(experiment)


def carry_out(
    experiment: Experiment, folder: RunFolder, *, quiet: bool, debug: bool, programs: ReusedPrograms | None = None
) -> Result:
    """A run into a folder of its own; prints nothing itself, though recorders may. Raises as `run` does.

    Args:
        experiment: that was checked before.
        folder: of this run alone.
        quiet: told to the recorders.
        debug: see `rlkit.api.run`.
        programs: of an earlier run that differed in its seed only, or of none yet; they serve this run too.
    """
    criteria, interrupt = StopCriteria(experiment), Interrupt()

    def farewell(reason: str) -> None:
        settle(folder, experiment, "interrupted", reason)

    interrupt.farewell = farewell
    books = Books(experiment, folder, criteria, quiet=quiet, asked=lambda: interrupt.asked)
    remember(experiment, folder.path)
    return _Run(experiment, books, criteria, interrupt, debug, programs or ReusedPrograms()).carry_out()


class _Run:
    """A run on its way."""

    def __init__(
        self,
        experiment: Experiment,
        books: Books,
        criteria: StopCriteria,
        interrupt: Interrupt,
        debug: bool,
        programs: ReusedPrograms,
    ) -> None:
        self._experiment, self._books, self._criteria = experiment, books, criteria
        self._interrupt, self._debug, self._programs = interrupt, debug, programs
        self._prepared: ReadyPrograms | None = None
        self._loop: Loop | None = None
        self._stopped = Stopped("interrupted", solved=False)

    def carry_out(self) -> Result:
        """Prepare, train, evaluate; whatever happens, close the books."""
        try:
            with self._interrupt:
                self._prepare()
                with startup_spared():
                    self._stopped = self._train()
                    if not self._interrupt.asked and self._experiment.collects:
                        self._evaluate()
        except KeyboardInterrupt:
            return self._interrupted()
        except ExperimentError as error:  # what only building can tell of the file: nothing has run
            self._books.close("failed", Stopped(str(error), solved=False), self._loop)
            raise
        except WriteError as error:
            self._books.failed_to_write(error)
            self._books.close("failed", Stopped(str(error), solved=False), self._loop)
            raise
        except BaseException as error:  # sys.exit and a cancelled task among them: whatever it is, it ends the run
            if self._interrupt.asked and self._loop is None:  # a library that a signal met while it was imported
                return self._interrupted()
            message = _message(error)
            self._programs.forget()  # whatever failed may have left them in any state
            self._books.error(describe_failure(error, message))
            result = self._books.close("failed", Stopped(message, solved=False), self._loop)
            raise RunFailed(message, result.folder, result) from error
        if self._interrupt.asked:
            return self._interrupted()
        return self._books.close("finished", self._stopped, self._loop)

    def _interrupted(self) -> Result:
        if self._stopped.reason == "interrupted":
            self._stopped = Stopped(self._interrupt.reason, solved=False)
        return self._books.close("interrupted", self._stopped, self._loop, by_signal=self._interrupt.signal)

    def _prepare(self) -> None:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with collection_paused(), waiting("preparing the programs", quiet=self._books.quiet):
            self._prepared = self._programs.prepare(self._experiment, debug=self._debug)
        self._books.prepared(self._prepared)

    def _train(self) -> Stopped:
        """Train until a stop criterion is met or a limit reached."""
        from rlkit.loops.for_experiment import loop_for

        experiment, folder, prepared = self._experiment, self._books.folder.path, self._prepared
        assert prepared is not None
        with contextlib.ExitStack() as resources:
            loop = loop_for(
                experiment, prepared, resources, metrics_interval=metrics_interval(experiment), folder=folder
            )
            self._loop = self._interrupt.loop = loop
            self._books.learns_from(loop)
            try:
                return self._trained(loop)
            finally:
                self._interrupt.loop = None
                self._books.seconds["training"] = loop.seconds
                self._books.metrics(loop)

    def _trained(self, loop: Loop) -> Stopped:
        from rlkit.loops.training import EvaluationDue

        history = None
        for happened in loop.train():
            if isinstance(happened, EvaluationDue):
                self._evaluate()
                if not self._experiment.collects and not self._interrupt.asked:
                    met = self._criteria.met(self._books.evaluated_history(loop))
                    if met is not None:
                        return met
                continue
            history = self._books.episode(happened, loop)
            met = self._criteria.met(history)
            if met is not None:
                return met
        if history is not None:
            self._criteria.describe(history)  # as recorders may at the run's end, when nothing can fail any more
        if loop.cut_by == "interrupt":
            return Stopped("interrupted", solved=False)
        return Stopped(
            f"limit reached: {getattr(self._experiment.limits, str(loop.cut_by)):,} {loop.cut_by}", solved=False
        )

    def _evaluate(self) -> None:
        """Greedy episodes with the weights as they are; the same starts at each evaluation."""
        from rlkit.loops.for_experiment import greedy_episodes

        episodes, loop = self._experiment.evaluation.episodes, self._loop
        assert self._prepared is not None and loop is not None
        if not episodes or not self._books.may_evaluate():
            return
        began, listening = time.perf_counter(), self._interrupt.loop
        self._interrupt.loop = loop
        try:
            course = self._books.course()
            with waiting(lambda: course.words, quiet=self._books.quiet):
                found = greedy_episodes(self._experiment, self._prepared, episodes, loop.progress, course)
            if not self._interrupt.asked:
                # Told of it, a recorder may play an episode of its own: that is no training either.
                self._books.evaluation(found, loop, time.perf_counter() - began)
        finally:
            self._interrupt.loop = listening
            seconds = time.perf_counter() - began
            loop.paused += seconds
            self._books.seconds["evaluation"] += seconds


def _message(error: BaseException) -> str:
    from rlkit.loops.learning import LearningDiverged
    from rlkit.loops.selected_rows import SelectionFailure
    from rlkit.worlds.world import ActionFailure, EnvironmentFailure

    known = (LearningDiverged, EnvironmentFailure, ActionFailure, SelectionFailure, StopFault)
    if isinstance(error, known):
        return str(error)
    place = where(error)
    return one_line(error) + (f" ({place})" if place else "")
