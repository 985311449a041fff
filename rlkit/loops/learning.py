"""Learning: select rows, hand them to the learner, tell the selection how surprising they were."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.noise.drawn import DrawnNoise
from rlkit.programs.ready import ADDED_AT_ONCE, ReadyPrograms
from rlkit.replay.ring import Ring


class LearningDiverged(ArithmeticError):
    """A learning step gave a metric that is NaN or infinite."""


class Learning:
    """One learning step after another, on rows of a ring."""

    def __init__(self, prepared: ReadyPrograms, ring: Ring) -> None:
        acting, selecting = prepared.acting.backend, prepared.selecting.backend
        self._ring, self._length = ring, prepared.sampling.length
        self._metric_names = prepared.shapes.metrics
        self._learn = acting.function("learn")
        self._learn_noise = DrawnNoise(prepared.seed, "learn", prepared.noise_of("learn"))
        self._select = selecting.function("select")
        self._select_noise = DrawnNoise(prepared.seed, "select", prepared.noise_of("select"))
        used = acting.used("learn")
        self._columns = tuple(prepared.shapes.columns)
        self._gathered = tuple(name for name in self._columns if name in used)
        remembers = {function.name for function in prepared.selection.functions}
        self._added = selecting.function("added") if "added" in remembers else None
        self._update = selecting.function("update") if "update" in remembers else None
        self._seen = 0
        self._new = np.zeros(ADDED_AT_ONCE * prepared.spaces.environments, np.int64)

    def __call__(self, progress: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """One learning step; returns its metrics in the order of `LearnerProgram.metrics`.

        Raises:
            LearningDiverged: if one of them is not finite.
        """
        update = int(progress[2])
        if self._added is not None:
            self._announce(int(progress[0]))
        slots, weight = self._select(np.int64(self._ring.stored), progress, *self._select_noise.at(update))
        rows = self._ring.gather(slots, self._length, self._gathered)
        columns = [rows.columns.get(name) for name in self._columns]
        metrics, priority = self._learn(*columns, rows.valid, slots, weight, progress, *self._learn_noise.at(update))
        # A sum is finite only if every metric is, and costs a tenth of what np.isfinite takes for each.
        if not math.isfinite(sum(metrics.tolist())):
            raise LearningDiverged(diverged(self._metric_names, metrics, progress))
        if self._update is not None:
            self._update(slots, priority)
        return metrics

    def _announce(self, step: int) -> None:
        """Tell the selection of the slots that were filled since the last time, oldest first."""
        capacity, room = self._ring.capacity, len(self._new)
        self._seen = max(self._seen, step - capacity)
        while self._seen < step and self._added is not None:
            count = min(room, step - self._seen)
            self._new[:count] = np.arange(self._seen, self._seen + count) % capacity
            self._added(self._new, np.int64(count))
            self._seen += count


def diverged(names: Sequence[str], metrics: npt.NDArray[Any], progress: npt.NDArray[np.int64]) -> str:
    """What to say of metrics that are not all finite; `progress` is that before the learning step."""
    bad = ", ".join(
        f"{name} is {value}" for name, value in zip(names, metrics, strict=True) if not math.isfinite(value)
    )
    return f"learning diverged at update {progress[2]} (episode {progress[1]}, step {progress[0]}): {bad}"
