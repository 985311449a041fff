"""The stepwise loop: act, step, store; where learning is due: select, learn, update the selection."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.data import Progress
from rlkit.contracts.spaces import Discrete
from rlkit.experiment.experiment import Limits
from rlkit.loops.acting import Acting, Leaves
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
        for world in worlds.worlds:
            world.decider = ready.deciders.act
        self._worlds, self._discrete = worlds.worlds, isinstance(spaces.action, Discrete)
        columns, observation = storage.columns, spaces.observation
        self._ring = ring_for(storage.capacity, storage.environments, columns, observation, replay_file)
        self.ring = self._ring
        self._acting = Acting(ready, "act", "act")
        self._learning = Learning(ready, self._ring)
        self._ticks = ticks(ready.due, spaces.environments)
        self._report = ready.acting.backend.function("report") if ready.shapes.reports else None
        # All that goes from one step to the next.
        self._step, self._episode, self._update = 0, 0, 0
        self._counts = np.array((0, 0, 0, limits.total or 0), np.int64)
        """A `Progress` as graph functions take it."""
        self._seen = SeenArrays(spaces)
        self._memory = self._acting.start
        self._starting = list(range(spaces.environments))
        """The environments whose next episode begins with the next step."""

    @property
    def progress(self) -> Progress:
        """See `Loop`."""
        return Progress(*self._counts.tolist())

    @property
    def open_episodes(self) -> int:
        """See `Loop`."""
        return sum(world.length > 0 for world in self._worlds)

    def train(self) -> Iterator[Episode | EvaluationDue]:
        """See `Loop`."""
        counts, environments, interval = self._counts, len(self._worlds), self._evaluation_interval
        self._started = time.perf_counter()
        while self.cut_by is None:
            if self._starting:
                self._begin_episodes()
            calls = self._step // environments
            action, self._memory, extras = self._acting(self._seen.inputs, self._memory, counts, calls)
            ended = self._take(action, extras)
            counts[0] = self._step = self._step + environments
            self._learn(len(ended))
            self._starting = [index for index, *_ in ended]
            self.cut_by = self._limit_reached(self._step, self._update)
            for index, terminated, truncated in ended:
                yield self._episode_of(index, terminated, truncated)
            # At a limit the run is over, and evaluated as every finished run is.
            if interval and not self.cut_by and self._step % interval < environments:
                yield EvaluationDue(self._step)

    def _begin_episodes(self) -> None:
        for index in self._starting:
            world = self._worlds[index]
            self._seen.begin(index, world.reset(), world.allowed)
            self._ring.begin(index, self._seen.observation[index])
        self._memory = self._acting.begun(self._memory, self._starting)

    def _take(self, action: npt.NDArray[Any], extras: Leaves) -> list[tuple[int, bool, bool]]:
        """A step of every environment, stored; those whose episode it ended: which, terminated, truncated."""
        seen, ring, ended = self._seen, self._ring, []
        # One environment after the other, in Python's numbers: for a few of them NumPy's overhead would be more.
        for index, (world, taken) in enumerate(zip(self._worlds, self._taken(action), strict=True)):
            next_observation, reward, terminated, truncated = world.step(taken)
            masks = () if seen.allowed is None else (seen.allowed[index], world.allowed)
            kept = [extra[index] for extra in extras]
            ring.put(
                index, seen.observation[index], taken, reward, terminated, truncated, next_observation, *masks, *kept
            )
            seen.follow(index, taken, reward, next_observation, world.allowed)
            if terminated or truncated:
                ended.append((index, terminated, truncated))
        ring.advance()
        return ended

    def _taken(self, action: npt.NDArray[Any]) -> Iterable[Any]:
        """By environment: integers if actions are discrete."""
        return action.tolist() if self._discrete else action

    def _learn(self, ended: int) -> None:
        """As many learning steps as the steps just stored make due."""
        due = self._ready.due
        if self._ring.stored < due.first:
            return
        struck = self._ticks(self._step, self._episode, [world.length - 1 for world in self._worlds], ended)
        for _ in range(due.times * struck):
            if self._limits.updates is not None and self._update >= self._limits.updates:
                return
            metrics = self._learning(self._counts)
            self._counts[2] = self._update = self._update + 1
            if self._update % self._metrics_interval == 0:
                self._log(metrics.tolist(), update=self._update, step=self._step, episode=self._episode)

    def _episode_of(self, index: int, terminated: bool, truncated: bool) -> Episode:
        world = self._worlds[index]
        # As of the episode that has just ended, not yet counted.
        reports = [] if self._report is None else self._report(self._counts)[0].tolist()
        outcome = (world.length, world.episode_return, terminated, truncated)
        episode = self._ended(self._episode, *outcome, reports)
        self._counts[1] = self._episode = self._episode + 1
        world.length = 0
        return episode
