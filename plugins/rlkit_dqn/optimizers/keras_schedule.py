"""A schedule in the form that Keras's optimisers take. Imports Keras: import it where an optimiser is built."""

from __future__ import annotations

from typing import Any

import keras

from rlkit import Progress, Schedule, Tensor, value_of


class KerasSchedule(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """A schedule by update, counted by the optimiser itself; the core refuses one that reads anything else."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule

    def __call__(self, step: Any) -> Tensor:
        """The learning rate after `step` updates."""
        count = keras.ops.convert_to_tensor(step)
        return value_of(self.schedule, Progress(step=count, episode=count, update=count))
