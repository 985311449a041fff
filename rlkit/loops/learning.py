"""Learning: select rows, hand them to the learner, tell the selection how surprising they were."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.loops.selected_rows import check_masses, check_rows
from rlkit.noise.drawn import DrawnNoise, NoiseLayout
from rlkit.noise.philox import stream_key
from rlkit.programs.program import Bound
from rlkit.programs.ready import ReadyPrograms, added_at_once
from rlkit.replay.ring import Ring
from rlkit.replay.trees import tree_for


class LearningDiverged(ArithmeticError):
    """A learning step gave a metric that is NaN or infinite."""


class Learning:
    """One learning step after another, on rows of a ring."""

    def __init__(self, ready: ReadyPrograms, ring: Ring) -> None:
        acting, selecting = ready.acting.backend, ready.selecting.backend
        self._ring, self._sampling, self._environments = ring, ready.storage.sampling, ready.storage.environments
        self._deciders = ready.deciders
        self._metric_names = ready.shapes.metrics
        self._learn, self._learn_noise = acting.function("learn"), ready.drawn_noise("learn", "learn")
        self._select, self._select_noise = selecting.function("select"), ready.drawn_noise("select", "select")
        used = acting.used("learn")
        self._columns = tuple(ready.shapes.columns)
        self._gathered = tuple(name for name in self._columns if name in used)
        self._added, self._added_noise = _notice(ready, "added")
        self._update, self._update_noise = _notice(ready, "update")
        self._words = DrawnNoise(stream_key(ready.seed, "draw"), ready.drawing_noise)
        self._tree = tree_for(ring.capacity, ready.rank_exponent) if ready.by_mass else None
        self._seen = 0
        room = added_at_once(ready.due, self._environments)
        self._new, self._ended = np.zeros(room, np.int64), np.zeros(room, bool)

    def __call__(self, progress: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """One learning step; returns its metrics in the order of `LearnerProgram.metrics`.

        Raises:
            LearningDiverged: if one of them is not finite.
            SelectionFailure: if rows were selected that are not stored, or weights given that are none.
        """
        update, ring = int(progress[2]), self._ring
        if self._added is not None:
            self._announce(progress)
        stored, next_slot = np.int64(ring.stored), np.int64(ring.next_slot)
        drawn = () if self._tree is None else self._tree.draw(*self._words.at(update))
        slots, weight = self._select(stored, next_slot, *drawn, progress, *self._select_noise.at(update))
        check_rows(slots, weight, int(stored), self._deciders.select, update)
        rows = ring.gather(slots, self._sampling, self._gathered)
        columns = [rows.columns.get(name) for name in self._columns]
        metrics, priority = self._learn(*columns, rows.valid, slots, weight, progress, *self._learn_noise.at(update))
        # A sum is finite only if every metric is, and costs a tenth of what np.isfinite takes for each.
        if not math.isfinite(sum(metrics.tolist())):
            raise LearningDiverged(diverged(self._metric_names, metrics, progress))
        if self._update is not None:
            (masses,) = self._update(slots, priority, progress, *self._update_noise.at(update))
            if self._tree is not None:
                check_masses(masses, self._deciders.update, update)
                self._tree.set(slots, masses)
        return metrics

    def _announce(self, progress: npt.NDArray[np.int64]) -> None:
        """Tell the selection of the slots that were filled since the last time, oldest first."""
        capacity, room, total = self._ring.capacity, len(self._new), self._ring.total
        self._seen = max(self._seen, total - capacity)
        while self._seen < total and self._added is not None:
            count = min(room, total - self._seen)
            self._new[:count] = np.arange(self._seen, self._seen + count) % capacity
            self._ended[:count] = self._ring.ended(self._new[:count])
            noise = self._added_noise.at(self._seen // self._environments)
            (masses,) = self._added(self._new, np.int64(count), self._ended, progress, *noise)
            if self._tree is not None:
                check_masses(masses[:count], self._deciders.added, int(progress[2]))
                self._tree.set(self._new[:count], masses[:count])
            self._seen += count


def _notice(ready: ReadyPrograms, name: str) -> tuple[Bound | None, DrawnNoise]:
    """A function of the selection that is there where the selection remembers anything, and its noise."""
    if ready.selection.function(name) is None:
        return None, DrawnNoise(0, NoiseLayout())
    return ready.selecting.backend.function(name), ready.drawn_noise(name, name)


def diverged(names: Sequence[str], metrics: npt.NDArray[Any], progress: npt.NDArray[np.int64]) -> str:
    """What to say of metrics that are not all finite; `progress` is that before the learning step."""
    bad = ", ".join(
        f"{name} is {value}" for name, value in zip(names, metrics, strict=True) if not math.isfinite(value)
    )
    return f"learning diverged at update {progress[2]} (episode {progress[1]}, step {progress[0]}): {bad}"
