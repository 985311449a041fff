"""The compiled loop on the host: one call to the next end of an episode, and what happens between calls."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from rlkit.contracts.data import Progress
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.faults import NO_MASS, NO_NEW_MASS, NO_SUCH_SLOT, NO_WEIGHT, raise_fault
from rlkit.loops.compiled.making import CompiledPrograms
from rlkit.loops.compiled.returning import Plan, Returned
from rlkit.loops.learning import LearningDiverged, diverged
from rlkit.loops.loop import Loop
from rlkit.loops.selected_rows import beyond_stored, no_mass, no_weight
from rlkit.loops.training import Episode, EvaluationDue
from rlkit.programs.ready import ReadyPrograms
from rlkit.worlds.world import EnvironmentFailure


class CompiledLoop(Loop):
    """Trains in compiled environments."""

    def __init__(
        self,
        ready: ReadyPrograms,
        limits: Limits,
        *,
        environment: str,
        metrics_interval: int,
        evaluation_interval: int | None = None,
    ) -> None:
        """See `Loop`. `environment` is a name for messages."""
        super().__init__(ready, limits, metrics_interval=metrics_interval, evaluation_interval=evaluation_interval)
        assert isinstance(ready, CompiledPrograms) and ready.episodes is not None
        self._program, self._environment = ready.episodes, environment
        self._plan = Plan(limits.steps, limits.updates, evaluation_interval, metrics_interval)
        self._progress = Progress(0, 0, 0, limits.total or 0)
        self._open = 0

    @property
    def progress(self) -> Progress:
        """See `Loop`."""
        return self._progress

    @property
    def open_episodes(self) -> int:
        """See `Loop`."""
        return self._open

    def train(self) -> Iterator[Episode | EvaluationDue]:
        """See `Loop`."""
        self._program.start(self._ready.seed, self._progress.total)
        self._program.follow(self._plan)
        self._started = time.perf_counter()
        environments = self._ready.spaces.environments
        while self.cut_by is None:
            said = self._program()
            before = self._progress.step
            self._progress = self._progress._replace(step=said.step, update=said.update)
            ended = [place for place in range(environments) if said.terminated[place] or said.truncated[place]]
            self._open = sum(length > 0 for length in said.length) - len(ended)
            for update, step, episode, *values in said.metrics[: len(said.metrics) - (not said.finite)].tolist():
                self._log(values, update=int(update), step=int(step), episode=int(episode))
            self._check(said)
            self.cut_by = self._limit_reached(said.step, said.update)
            for place in ended:
                yield self._episode(said, place)
            every = self._evaluation_interval
            # At a limit the run is over, and evaluated as every finished run is.
            if every and said.step > before and said.step % every < environments and not self.cut_by:
                yield EvaluationDue(said.step)

    def _episode(self, said: Returned, place: int) -> Episode:
        number = self._progress.episode
        self._progress = self._progress._replace(episode=number + 1)
        outcome = (
            said.length[place],
            said.episode_return[place],
            bool(said.terminated[place]),
            bool(said.truncated[place]),
        )
        return self._ended(number, *outcome, said.reports[place], said.variables)

    def _check(self, said: Returned) -> None:
        """Raise what went wrong in the part of an episode that is just over."""
        deciders, fault = self._ready.deciders, max(said.fault)
        stored, update = min(said.step, self._ready.storage.capacity), said.update - 1
        if fault == NO_SUCH_SLOT:
            raise beyond_stored(deciders.select, "a slot that is not stored", stored, update)
        if fault == NO_WEIGHT:
            raise no_weight(deciders.select, "a weight that is not allowed", update)
        if fault in (NO_NEW_MASS, NO_MASS):
            decider = deciders.added if fault == NO_NEW_MASS else deciders.update
            raise no_mass(decider, "a mass that is not allowed", update)
        for place, (episode, length) in enumerate(zip(said.episode, said.length, strict=True)):
            environment = f"{self._environment} (number {place})" if place else self._environment
            action = said.action[place]
            raise_fault(said.fault[place], action, self._ready.spaces, environment, episode, length - 1, deciders.act)
            if not said.sound[place]:
                earned = said.episode_return[place]
                what = "an observation is not finite" if np.isfinite(earned) else f"the return is {earned}"
                raise EnvironmentFailure(
                    f"environment {environment}, episode {episode}, by step {length - 1}: {what}; "
                    "observations and rewards must be finite numbers"
                )
        if not said.finite:
            update, step, episode, *values = said.metrics[-1].tolist()
            progress = np.array((step, episode, update - 1), np.int64)
            raise LearningDiverged(diverged(self._ready.shapes.metrics, np.array(values), progress))
