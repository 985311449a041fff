"""A number that moves along a straight line."""

from __future__ import annotations

import tensorflow as tf

from rlkit import ParameterError, Progress, Tensor, component, parameter
from rlkit_dqn.schedules.clock import Clock, elapsed


@component
class Linear:
    """From `start` to `end` in a straight line, then `end`: start + (end − start) · min(n / over, 1).

    Without `over` it takes as many steps as the experiment's limits allow.
    """

    start: float = parameter(doc="value at the beginning")
    end: float = parameter(doc="value from `over` on")
    over: int | None = parameter(
        default=None,
        doc="steps, episodes or updates on the way; null for the steps of the whole run, as limits say",
        at_least=1,
    )
    by: Clock = parameter(default="step", doc="what n counts")

    def __post_init__(self) -> None:
        if self.over is None and self.by != "step":
            raise ParameterError("over", f"is missing; only steps (by: step) are limited, not by: {self.by}")

    @property
    def needs_total(self) -> bool:
        """See `Schedule`."""
        return self.over is None

    def ends(self, last: int) -> dict[str, float]:
        """See `Schedule`."""
        share = 1.0 if self.over is None else min(last / self.over, 1.0)
        return {"start": self.start, "end": self.end if share == 1 else self.start + (self.end - self.start) * share}

    def value(self, progress: Progress) -> Tensor:
        """See `Schedule.value`."""
        over = tf.maximum(tf.cast(progress.total, tf.float32), 1.0) if self.over is None else float(self.over)
        share = tf.minimum(elapsed(progress, self.by) / over, 1.0)
        return self.start + (self.end - self.start) * share
