"""A number that decays."""

from __future__ import annotations

import math

import tensorflow as tf

from rlkit import ParameterError, Progress, Tensor, component, parameter
from rlkit_dqn.schedules.clock import Clock, elapsed


@component
class Exponential:
    """A constant share is lost each time, down to a floor: max(start · decayⁿ, end)."""

    start: float = parameter(doc="value at the beginning", at_least=0)
    decay: float = parameter(doc="share that is left after one step, episode or update", above=0, at_most=1)
    end: float = parameter(default=0.0, doc="value below which it does not fall", at_least=0)
    by: Clock = parameter(default="step", doc="what n counts")

    def __post_init__(self) -> None:
        if self.end > self.start:
            raise ParameterError("end", f"found {self.end!r}; allowed: at most start ({self.start!r})")

    def ends(self, last: int) -> dict[str, float]:
        """See `Schedule`."""
        return {"start": self.start, "end": max(self.start * self.decay**last, self.end)}

    def value(self, progress: Progress) -> Tensor:
        """See `Schedule.value`."""
        # The logarithm is taken in double precision: a power of the float32 nearest to `decay` would drift with n.
        left = tf.exp(elapsed(progress, self.by) * math.log(self.decay))
        return tf.maximum(self.start * left, self.end)
