"""Learning from recorded steps alone: one learning step after another, and no environment."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import IO

import numpy as np

from rlkit.contracts.data import Progress
from rlkit.experiment.experiment import Limits
from rlkit.loops.learning import Learning
from rlkit.loops.loop import Loop
from rlkit.loops.training import Episode, EvaluationDue
from rlkit.programs.ready import ReadyPrograms
from rlkit.replay.frame_ring import ring_for


class RecordedLoop(Loop):
    """Learns from what its ring holds before it begins; `step` and `episode` of its progress stay 0."""

    def __init__(
        self,
        ready: ReadyPrograms,
        limits: Limits,
        *,
        metrics_interval: int,
        evaluation_interval: int | None = None,
        replay_file: IO[bytes] | None = None,
    ) -> None:
        """See `StepwiseLoop`; the evaluation's interval counts updates."""
        super().__init__(ready, limits, metrics_interval=metrics_interval, evaluation_interval=evaluation_interval)
        spaces, storage = ready.spaces, ready.storage
        self.ring = ring_for(storage.capacity, storage.environments, storage.columns, spaces.observation, replay_file)
        self._learning = Learning(ready, self.ring)
        self._counts = np.array((0, 0, 0, limits.total or 0), np.int64)

    @property
    def progress(self) -> Progress:
        """See `Loop`."""
        return Progress(*self._counts.tolist())

    @property
    def open_episodes(self) -> int:
        """See `Loop`: there are none."""
        return 0

    def train(self) -> Iterator[Episode | EvaluationDue]:
        """See `Loop`. An evaluation comes due at the end, too, unless somebody interrupts."""
        counts, update, interval = self._counts, 0, self._evaluation_interval
        self._started = time.perf_counter()
        while self.cut_by is None:
            metrics = self._learning(counts)
            counts[2] = update = update + 1
            if update % self._metrics_interval == 0:
                self._log(metrics.tolist(), update=update, step=0, episode=0)
            self.cut_by = self._limit_reached(0, update)
            if self.cut_by != "interrupt" and (self.cut_by or (interval and update % interval == 0)):
                yield EvaluationDue(0)
