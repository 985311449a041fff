"""The stepwise loop: act, step, store; where learning is due: select, learn, update the selection."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.contracts.data import Progress
from rlkit.contracts.events import MetricsLogged
from rlkit.experiment.experiment import Limits
from rlkit.loops.acting import Acting
from rlkit.loops.learning import Learning
from rlkit.loops.preparing import Prepared
from rlkit.loops.ring import Ring
from rlkit.loops.world import World


class Episode(NamedTuple):
    """An episode that has ended, or the open one that a limit cut."""

    number: int
    """From 0."""
    length: int
    episode_return: float
    """Undiscounted sum of rewards."""
    terminated: bool
    truncated: bool
    reports: dict[str, float]
    """What components reported of it."""


class StepwiseLoop:
    """Trains in one environment on the host; all graph code is called through the prepared backends."""

    def __init__(self, prepared: Prepared, world: World, limits: Limits, *, metrics_interval: int) -> None:
        """`metrics_interval`: updates from one logged learning step to the next."""
        self._prepared, self._world, self._limits = prepared, world, limits
        self._metrics_interval = metrics_interval
        self._ring = Ring(prepared.capacity, prepared.spaces.environments, prepared.shapes.columns)
        self._acting = Acting(prepared, "act", "act")
        self._learning = Learning(prepared, self._ring)
        self._due = prepared.learner.due
        self._report = prepared.acting.backend.function("report") if prepared.shapes.reports else None
        self._progress = np.zeros(3, np.int64)
        self._started = time.perf_counter()
        self.metrics: list[MetricsLogged] = []
        """Logged since the list was last emptied."""
        self.cut_by: str | None = None
        """The limit, or `interrupt`, that ended training; None while it goes on."""
        self.partial: Episode | None = None
        """The episode that was open then."""
        self.interrupted = False
        """Set it (from a signal handler, say) to stop after the current step."""
        self.paused = 0.0
        """Seconds that do not count as training (an evaluation's), added by the caller."""

    @property
    def progress(self) -> Progress:
        """What was completed so far."""
        return Progress(*(int(count) for count in self._progress))

    @property
    def seconds(self) -> float:
        """Of training so far."""
        return time.perf_counter() - self._started - self.paused

    def episodes(self) -> Iterator[Episode]:
        """Train; yields each episode as it ends, until a limit is reached or the caller stops asking.

        Raises:
            EnvironmentFailure: if the environment raised or broke its contract.
            LearningDiverged: if a metric of a learning step is not finite.
        """
        world, ring, progress = self._world, self._ring, self._progress
        space = self._prepared.spaces.observation
        observation, first = np.empty((1, *space.shape), space.dtype), np.ones(1, bool)
        episode_step = np.zeros(1, np.int64)
        self._started = time.perf_counter()
        while self.cut_by is None:
            observation[0], first[0], memory = world.reset(), True, self._acting.start
            episode_return, terminated, truncated = 0.0, False, False
            while not (terminated or truncated or self.cut_by):
                action, memory, extras = self._acting(observation, first, memory, progress, int(progress[0]))
                next_observation, reward, terminated, truncated = world.step(action[0])
                ring.store(observation, action, reward, terminated, truncated, next_observation, *extras)
                progress[0] += 1
                episode_step[0] = world.length - 1
                for _ in range(self._due_now(episode_step)):
                    self._learn()
                observation[0], first[0] = next_observation, False
                episode_return += reward
                self.cut_by = self._limit()
            episode = Episode(world.episode, world.length, episode_return, terminated, truncated, self._reports())
            if not (terminated or truncated):
                self.partial = episode
                return
            progress[1] += 1
            if progress[1] >= (self._limits.episodes or math.inf):
                self.cut_by = self.cut_by or "episodes"
            yield episode

    def _due_now(self, episode_step: npt.NDArray[np.int64]) -> int:
        due = self._due(Progress(*self._progress.tolist()), episode_step, self._ring.stored)
        return int(sum(due.tolist()))

    def _learn(self) -> None:
        progress = self._progress
        if progress[2] >= (self._limits.updates or math.inf):
            return
        metrics = self._learning(progress)
        progress[2] += 1
        if progress[2] % self._metrics_interval == 0:
            values = dict(zip(self._prepared.shapes.metrics, map(float, metrics), strict=True))
            step, episode, update = self.progress
            self.metrics.append(MetricsLogged(update=update, step=step, episode=episode, metrics=values))

    def _limit(self) -> str | None:
        limits, progress = self._limits, self._progress
        if self.interrupted:
            return "interrupt"
        if limits.steps is not None and progress[0] >= limits.steps:
            return "steps"
        if limits.updates is not None and progress[2] >= limits.updates:
            return "updates"
        if limits.seconds is not None and self.seconds >= limits.seconds:
            return "seconds"
        return None

    def _reports(self) -> dict[str, float]:
        """As of the episode that has just ended, not yet counted."""
        if self._report is None:
            return {}
        (values,) = self._report(self._progress)
        return dict(zip(self._prepared.shapes.reports, map(float, values), strict=True))
