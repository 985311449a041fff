"""The compiled loop on the host: one call an episode, and what happens between episodes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from rlkit.contracts.data import Progress
from rlkit.contracts.events import MetricsLogged
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.episode import EpisodeProgram
from rlkit.loops.compiled.returning import Plan, Returned
from rlkit.loops.learning import LearningDiverged, diverged
from rlkit.loops.training import Episode, EvaluationDue
from rlkit.programs.ready import ReadyPrograms
from rlkit.worlds.world import EnvironmentFailure


class CompiledLoop:
    """Trains in one compiled environment; see `StepwiseLoop`, which has the same attributes."""

    def __init__(
        self,
        prepared: ReadyPrograms,
        limits: Limits,
        *,
        environment: str,
        metrics_interval: int,
        evaluation_interval: int | None = None,
    ) -> None:
        """Intervals: updates from one logged learning step to the next; steps from one evaluation to the next.

        `environment` is a name for messages.
        """
        assert prepared.episodes is not None
        self._program: EpisodeProgram = prepared.episodes
        self._prepared, self._limits, self._environment = prepared, limits, environment
        self._evaluation_interval = evaluation_interval
        self._plan = Plan(limits.steps, limits.updates, evaluation_interval, metrics_interval)
        self._progress = Progress(0, 0, 0)
        self._started = time.perf_counter()
        self.open_episodes = 0
        """Episodes in which steps were taken and which have not ended."""
        self.metrics: list[MetricsLogged] = []
        """Logged since the list was last emptied."""
        self.cut_by: str | None = None
        """The limit, or `interrupt`, that ended training; None while it goes on."""
        self.interrupted = False
        """Set it (from a signal handler, say) to stop after the current episode, or a part of a long one."""
        self.paused = 0.0
        """Seconds that do not count as training (an evaluation's), added by the caller."""

    @property
    def progress(self) -> Progress:
        """What was completed so far."""
        return self._progress

    @property
    def seconds(self) -> float:
        """Of training so far."""
        return time.perf_counter() - self._started - self.paused

    def train(self) -> Iterator[Episode | EvaluationDue]:
        """Train; yields each episode as it ends, and evaluations as they come due.

        Goes on until a limit is reached or the caller stops asking.

        Raises:
            EnvironmentFailure: if an observation has NaN, or a return is not finite.
            LearningDiverged: if a metric of a learning step is not finite.
        """
        self._program.start(self._prepared.seed)
        self._program.follow(self._plan)
        self._started = time.perf_counter()
        while self.cut_by is None:
            said = self._program()
            before = self._progress
            over = said.terminated or said.truncated
            self._progress = Progress(said.step, before.episode, said.update)
            self.open_episodes = int(not over and said.length > 0)
            self._log(said)
            self._check(said)
            self.cut_by = self._limit()
            if over:
                yield self._ended(said)
            due = self._evaluation_interval and said.step > before.step and said.step % self._evaluation_interval == 0
            # At a limit the run is over, and evaluated as every finished run is.
            if due and not self.cut_by:
                yield EvaluationDue(said.step)

    def _ended(self, said: Returned) -> Episode:
        step, number, update = self._progress
        reports = dict(zip(self._prepared.shapes.reports, said.reports, strict=True))
        self._progress = Progress(step, number + 1, update)
        if self._limits.episodes is not None and number + 1 >= self._limits.episodes:
            self.cut_by = self.cut_by or "episodes"
        return Episode(
            number,
            said.length,
            said.episode_return,
            said.terminated,
            said.truncated,
            reports,
            variables=said.variables,
        )

    def _log(self, said: Returned) -> None:
        names = self._prepared.shapes.metrics
        for update, step, episode, *values in said.metrics[: len(said.metrics) - (not said.finite)].tolist():
            metrics = dict(zip(names, values, strict=True))
            self.metrics.append(
                MetricsLogged(update=int(update), step=int(step), episode=int(episode), metrics=metrics)
            )

    def _check(self, said: Returned) -> None:
        """Raise what went wrong in the part of an episode that is just over."""
        step, episode, _ = self._progress
        if not said.finite:
            update, step, episode, *values = said.metrics[-1].tolist()
            progress = np.array((step, episode, update - 1), np.int64)
            raise LearningDiverged(diverged(self._prepared.shapes.metrics, np.array(values), progress))
        if not said.sound:
            what = (
                "an observation has NaN" if np.isfinite(said.episode_return) else f"the return is {said.episode_return}"
            )
            raise EnvironmentFailure(
                f"environment {self._environment}, episode {episode}, by step {said.length - 1}: {what}; "
                "observations must be numbers, and rewards finite"
            )

    def _limit(self) -> str | None:
        limits, progress = self._limits, self._progress
        if self.interrupted:
            return "interrupt"
        if limits.steps is not None and progress.step >= limits.steps:
            return "steps"
        if limits.updates is not None and progress.update >= limits.updates:
            return "updates"
        if limits.seconds is not None and self.seconds >= limits.seconds:
            return "seconds"
        return None
