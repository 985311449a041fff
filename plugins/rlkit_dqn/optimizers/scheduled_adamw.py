"""AdamW whose weight decay follows a schedule. Imports Keras: import it where an optimiser is built."""

from __future__ import annotations

from typing import Any

import keras

from rlkit import Schedule, Tensor
from rlkit_dqn.optimizers.keras_schedule import KerasSchedule


class ScheduledAdamW(keras.optimizers.AdamW):  # type: ignore[misc]
    """Keras reads `weight_decay` at every step, here as the schedule has it after so many updates."""

    _schedule: KerasSchedule | None = None

    def __init__(self, schedule: Schedule, **settings: Any) -> None:
        super().__init__(**settings)
        self._schedule = KerasSchedule(schedule)

    @property
    def weight_decay(self) -> Tensor | float:
        """A float32 scalar."""
        return 0.0 if self._schedule is None else self._schedule(self.iterations)

    @weight_decay.setter
    def weight_decay(self, value: Any) -> None:
        """Keras sets a number, which is not used."""
