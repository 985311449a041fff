"""The compiled loop on the host: one call an episode, and what happens between episodes."""

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
    """Trains in one compiled environment."""

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
        while self.cut_by is None:
            said = self._program()
            before, over = self._progress.step, said.terminated or said.truncated
            self._progress = self._progress._replace(step=said.step, update=said.update)
            self._open = int(not over and said.length > 0)
            for update, step, episode, *values in said.metrics[: len(said.metrics) - (not said.finite)].tolist():
                self._log(values, update=int(update), step=int(step), episode=int(episode))
            self._check(said)
            self.cut_by = self._limit_reached(said.step, said.update)
            if over:
                yield self._episode(said)
            due = self._evaluation_interval and said.step > before and said.step % self._evaluation_interval == 0
            # At a limit the run is over, and evaluated as every finished run is.
            if due and not self.cut_by:
                yield EvaluationDue(said.step)

    def _episode(self, said: Returned) -> Episode:
        number = self._progress.episode
        self._progress = self._progress._replace(episode=number + 1)
        outcome = (said.length, said.episode_return, said.terminated, said.truncated)
        return self._ended(number, *outcome, said.reports, said.variables)

    def _check(self, said: Returned) -> None:
        """Raise what went wrong in the part of an episode that is just over."""
        episode, environment, deciders = self._progress.episode, self._environment, self._ready.deciders
        stored, update = min(said.step, self._ready.storage.capacity), said.update - 1
        if said.fault == NO_SUCH_SLOT:
            raise beyond_stored(deciders.select, "a slot that is not", stored, update)
        if said.fault == NO_WEIGHT:
            raise no_weight(deciders.select, "a weight that is none", update)
        if said.fault in (NO_NEW_MASS, NO_MASS):
            decider = deciders.added if said.fault == NO_NEW_MASS else deciders.update
            raise no_mass(decider, "a mass that is none", update)
        spaces, step = self._ready.spaces, said.length - 1
        raise_fault(said.fault, said.action, spaces, environment, episode, step, deciders.act)
        if not said.sound:
            what = (
                "an observation is not finite"
                if np.isfinite(said.episode_return)
                else f"the return is {said.episode_return}"
            )
            raise EnvironmentFailure(
                f"environment {environment}, episode {episode}, by step {said.length - 1}: {what}; "
                "observations and rewards must be finite numbers"
            )
        if not said.finite:
            update, step, episode, *values = said.metrics[-1].tolist()
            progress = np.array((step, episode, update - 1), np.int64)
            raise LearningDiverged(diverged(self._ready.shapes.metrics, np.array(values), progress))
