"""The stepwise loop: act, step, store; where learning is due: select, learn, update the selection."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import IO

import numpy as np

from rlkit.contracts.data import Progress
from rlkit.experiment.experiment import Limits
from rlkit.loops.acting import Acting
from rlkit.loops.due import ticks
from rlkit.loops.learning import Learning
from rlkit.loops.loop import Loop
from rlkit.loops.training import Episode, EvaluationDue
from rlkit.programs.ready import ReadyPrograms
from rlkit.replay.frame_ring import ring_for
from rlkit.worlds.seen import SeenArrays
from rlkit.worlds.worlds import Worlds


class StepwiseLoop(Loop):
    """Trains in environments on the host; all graph code is called through the backends that were chosen."""

    def __init__(
        self,
        ready: ReadyPrograms,
        worlds: Worlds,
        limits: Limits,
        *,
        metrics_interval: int,
        evaluation_interval: int | None = None,
        replay_file: IO[bytes] | None = None,
    ) -> None:
        """See `Loop`. With a `replay_file`, stored observations are mapped from it instead of held in memory."""
        super().__init__(ready, limits, metrics_interval=metrics_interval, evaluation_interval=evaluation_interval)
        spaces, storage = ready.spaces, ready.storage
        self._worlds = worlds
        self._ring = ring_for(
            storage.capacity, storage.environments, storage.columns, spaces.observation.stack, replay_file
        )
        self._acting = Acting(ready, "act", "act")
        self._learning = Learning(ready, self._ring)
        self._ticks = ticks(ready.due, spaces.environments)
        self._report = ready.acting.backend.function("report") if ready.shapes.reports else None
        self._progress = np.array((0, 0, 0, limits.total or 0), np.int64)
        # All that goes from one step to the next.
        self._seen = SeenArrays(spaces)
        self._memory = self._acting.start
        self._starting = list(range(spaces.environments))
        """The environments whose next episode begins with the next step."""
        self._acted = 0

    @property
    def progress(self) -> Progress:
        """See `Loop`."""
        return Progress(*self._progress.tolist())

    @property
    def open_episodes(self) -> int:
        """See `Loop`."""
        return sum(world.length > 0 for world in self._worlds.worlds)

    def train(self) -> Iterator[Episode | EvaluationDue]:
        """See `Loop`."""
        worlds, ring, seen, progress = self._worlds, self._ring, self._seen, self._progress
        count = len(worlds.worlds)
        self._started = time.perf_counter()
        while self.cut_by is None:
            if self._starting:
                self._begin_episodes()
            action, self._memory, extras = self._acting(seen.inputs, self._memory, progress, self._acted)
            next_observation, reward, terminated, truncated, allowed, episode_step, ended = worlds.step(action)
            masks = () if allowed is None else (seen.allowed, allowed)
            ring.store(seen.observation, action, reward, terminated, truncated, next_observation, *masks, *extras)
            progress[0] += count
            self._acted += 1
            self._learn(episode_step, len(ended))
            seen.follow(action, reward, next_observation, allowed)
            self._starting = ended
            self.cut_by = self._limit_reached(*progress[:3:2].tolist())
            for index in ended:
                yield self._episode(index, bool(terminated[index]), bool(truncated[index]))
            # At a limit the run is over, and evaluated as every finished run is.
            if self._evaluation_interval and not self.cut_by and progress[0] % self._evaluation_interval < count:
                yield EvaluationDue(int(progress[0]))

    def _begin_episodes(self) -> None:
        for index in self._starting:
            observation = self._worlds.reset(index)
            self._seen.begin(index, observation, self._worlds.worlds[index].allowed)
            self._ring.begin(index, self._seen.observation[index])
        self._memory = self._acting.begun(self._memory, self._starting)

    def _learn(self, episode_step: list[int], ended: int) -> None:
        """As many learning steps as the steps just stored make due."""
        due, progress = self._ready.due, self._progress
        if self._ring.stored < due.first:
            return
        step, episode, update, _ = progress.tolist()
        for _ in range(due.times * self._ticks(step, episode, episode_step, ended)):
            if self._limits.updates is not None and update >= self._limits.updates:
                return
            metrics = self._learning(progress)
            progress[2] = update = update + 1
            if update % self._metrics_interval == 0:
                self._log(metrics.tolist(), update=update, step=step, episode=episode)

    def _episode(self, index: int, terminated: bool, truncated: bool) -> Episode:
        progress, world = self._progress, self._worlds.worlds[index]
        reports = [] if self._report is None else self._report(progress)[0].tolist()
        number, length = int(progress[1]), world.length
        # As of the episode that has just ended, not yet counted.
        episode = self._ended(number, length, self._worlds.returns[index], terminated, truncated, reports)
        progress[1] += 1
        world.length = 0
        return episode
