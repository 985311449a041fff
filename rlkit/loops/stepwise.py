"""The stepwise loop: act, step, store; where learning is due: select, learn, update the selection."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import IO

import numpy as np
import numpy.typing as npt

from rlkit.contracts.data import Progress
from rlkit.contracts.events import MetricsLogged
from rlkit.experiment.experiment import Limits
from rlkit.loops.acting import Acting
from rlkit.loops.learning import Learning
from rlkit.loops.training import Episode, EvaluationDue
from rlkit.programs.ready import ReadyPrograms
from rlkit.replay.frame_ring import ring_for
from rlkit.worlds.worlds import Worlds


class StepwiseLoop:
    """Trains in environments on the host; all graph code is called through the prepared backends."""

    def __init__(
        self,
        prepared: ReadyPrograms,
        worlds: Worlds,
        limits: Limits,
        *,
        metrics_interval: int,
        evaluation_interval: int | None = None,
        replay_file: IO[bytes] | None = None,
    ) -> None:
        """Intervals: updates from one logged learning step to the next; steps from one evaluation to the next.

        With a `replay_file`, stored observations are mapped from it instead of held in memory.
        """
        self._prepared, self._worlds, self._limits = prepared, worlds, limits
        self._metrics_interval, self._evaluation_interval = metrics_interval, evaluation_interval
        spaces = prepared.spaces
        self._ring = ring_for(
            prepared.capacity, spaces.environments, prepared.shapes.columns, spaces.observation.stack, replay_file
        )
        self._acting = Acting(prepared, "act", "act")
        self._learning = Learning(prepared, self._ring)
        self._due = prepared.due
        self._report = prepared.acting.backend.function("report") if prepared.shapes.reports else None
        self._progress = np.zeros(3, np.int64)
        self._acted = 0
        self._started = time.perf_counter()
        self.metrics: list[MetricsLogged] = []
        """Logged since the list was last emptied."""
        self.cut_by: str | None = None
        """The limit, or `interrupt`, that ended training; None while it goes on."""
        self.interrupted = False
        """Set it (from a signal handler, say) to stop after the current step."""
        self.paused = 0.0
        """Seconds that do not count as training (an evaluation's), added by the caller."""

    @property
    def progress(self) -> Progress:
        """What was completed so far."""
        return Progress(*self._progress.tolist())

    @property
    def open_episodes(self) -> int:
        """Episodes in which steps were taken and which have not ended."""
        return sum(world.length > 0 for world in self._worlds.worlds)

    @property
    def seconds(self) -> float:
        """Of training so far."""
        return time.perf_counter() - self._started - self.paused

    def train(self) -> Iterator[Episode | EvaluationDue]:
        """Train; yields each episode as it ends, and evaluations as they come due.

        Goes on until a limit is reached or the caller stops asking.

        Raises:
            EnvironmentFailure: if an environment raised or broke its contract.
            LearningDiverged: if a metric of a learning step is not finite.
        """
        worlds, ring, progress, space = self._worlds, self._ring, self._progress, self._prepared.spaces.observation
        count, starting = len(worlds.worlds), list(range(len(worlds.worlds)))
        observation, first = np.empty((count, *space.shape), space.dtype), np.ones(count, bool)
        memory = self._acting.start
        self._started = time.perf_counter()
        while self.cut_by is None:
            for index in starting:
                observation[index], first[index] = worlds.reset(index), True
                ring.begin(index, observation[index])
            action, memory, extras = self._acting(observation, first, memory, progress, self._acted)
            next_observation, reward, terminated, truncated, episode_step, ended = worlds.step(action)
            ring.store(observation, action, reward, terminated, truncated, next_observation, *extras)
            progress[0] += count
            self._acted += 1
            for _ in range(self._learning_due(episode_step)):
                self._learn()
            observation[:] = next_observation
            if starting:
                first[:] = False
            starting = ended
            self.cut_by = self._limit()
            for index in ended:
                yield self._ended(index, bool(terminated[index]), bool(truncated[index]))
            # At a limit the run is over, and evaluated as every finished run is.
            if self._evaluation_interval and not self.cut_by and progress[0] % self._evaluation_interval < count:
                yield EvaluationDue(int(progress[0]))

    def _ended(self, index: int, terminated: bool, truncated: bool) -> Episode:
        progress, worlds = self._progress, self._worlds
        length, episode_return = worlds.worlds[index].length, worlds.returns[index]
        episode = Episode(int(progress[1]), length, episode_return, terminated, truncated, self._reports())
        progress[1] += 1
        worlds.worlds[index].length = 0
        if progress[1] >= (self._limits.episodes or math.inf):
            self.cut_by = self.cut_by or "episodes"
        return episode

    def _learning_due(self, episode_step: npt.NDArray[np.int64]) -> int:
        due = self._due(self.progress, episode_step, self._ring.stored)
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
