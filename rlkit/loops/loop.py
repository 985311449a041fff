"""What both loops have in common: progress, limits, time, an episode's end, logged metrics."""

from __future__ import annotations

import abc
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rlkit.contracts.data import Progress
from rlkit.contracts.events import MetricsLogged
from rlkit.experiment.experiment import Limits
from rlkit.loops.training import Episode, EvaluationDue
from rlkit.programs.program import Arrays
from rlkit.programs.ready import ReadyPrograms
from rlkit.replay.recorded import Taken
from rlkit.replay.ring import Ring


class Loop(abc.ABC):
    """Trains until a limit is reached, or the caller stops asking."""

    def __init__(
        self,
        ready: ReadyPrograms,
        limits: Limits,
        *,
        metrics_interval: int,
        evaluation_interval: int | None = None,
    ) -> None:
        """Intervals: updates from one logged learning step to the next; steps from one evaluation to the next."""
        self._ready, self._limits = ready, limits
        self._metrics_interval, self._evaluation_interval = metrics_interval, evaluation_interval
        self._started = time.perf_counter()
        self.metrics: list[MetricsLogged] = []
        """Logged since the list was last emptied."""
        self.cut_by: str | None = None
        """The limit, or `interrupt`, that ended training; None while it goes on."""
        self.interrupted = False
        """Set it (from a signal handler, say) to stop after the current step, or part of an episode."""
        self.paused = 0.0
        """Seconds that do not count as training (an evaluation's), added by the caller."""
        self.ring: Ring | None = None
        """The rows that are stored, where they lie on the host."""
        self.taken: Taken | None = None
        """What it took of recorded data."""
        self.data_facts: Mapping[str, Any] = {}
        """Which data that was (`Recording.facts`)."""
        self.data_warning = ""
        """What a person should know of it."""

    @property
    @abc.abstractmethod
    def progress(self) -> Progress:
        """What was completed so far."""

    @property
    @abc.abstractmethod
    def open_episodes(self) -> int:
        """Episodes in which steps were taken and which have not ended."""

    @property
    def seconds(self) -> float:
        """Of training so far."""
        return time.perf_counter() - self._started - self.paused

    @abc.abstractmethod
    def train(self) -> Iterator[Episode | EvaluationDue]:
        """Train; yields each episode as it ends, and evaluations as they come due.

        Raises:
            EnvironmentFailure: if an environment raised or broke its contract.
            ActionFailure: if the agent chose an action that does not exist or is not allowed.
            SelectionFailure: if a buffer selected rows that are not stored.
            LearningDiverged: if a metric of a learning step is not finite.
        """

    def _limit_reached(self, step: int, update: int) -> str | None:
        limits = self._limits
        if self.interrupted:
            return "interrupt"
        if limits.steps is not None and step >= limits.steps:
            return "steps"
        if limits.updates is not None and update >= limits.updates:
            return "updates"
        if limits.seconds is not None and self.seconds >= limits.seconds:
            return "seconds"
        return None

    def _ended(
        self,
        number: int,
        length: int,
        episode_return: float,
        terminated: bool,
        truncated: bool,
        reports: Sequence[float],
        variables: Arrays | None = None,
    ) -> Episode:
        """The episode of this number is over; it may be the last one."""
        if number + 1 >= (self._limits.episodes or math.inf):
            self.cut_by = self.cut_by or "episodes"
        named = dict(zip(self._ready.shapes.reports, map(float, reports), strict=True))
        return Episode(number, length, episode_return, terminated, truncated, named, variables)

    def _log(self, values: Sequence[float], *, update: int, step: int, episode: int) -> None:
        metrics: Mapping[str, float] = dict(zip(self._ready.shapes.metrics, map(float, values), strict=True))
        self.metrics.append(MetricsLogged(update=update, step=step, episode=episode, metrics=metrics))
