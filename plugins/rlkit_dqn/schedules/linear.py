"""A number that moves along a straight line."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Progress, Tensor, component, parameter
from rlkit_dqn.schedules.clock import Clock, elapsed


@component
class Linear:
    """From `start` to `end` in a straight line, then `end`: start + (end − start) · min(n / over, 1)."""

    start: float = parameter(doc="value at the beginning")
    end: float = parameter(doc="value from `over` on")
    over: int = parameter(doc="steps, episodes or updates on the way", at_least=1)
    by: Clock = parameter(default="step", doc="what n counts")

    def value(self, progress: Progress) -> Tensor:
        """See `Schedule.value`."""
        share = tf.minimum(elapsed(progress, self.by) / float(self.over), 1.0)
        return self.start + (self.end - self.start) * share
