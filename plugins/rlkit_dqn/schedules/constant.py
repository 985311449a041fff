"""A number that stays."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Progress, Tensor, component, parameter


@component
class Constant:
    """The same number throughout."""

    by = None

    amount: float = parameter(doc="the number")

    def ends(self, last: int) -> dict[str, float]:
        """See `Schedule`."""
        return {"amount": self.amount}

    def value(self, progress: Progress) -> Tensor:
        """See `Schedule.value`."""
        return tf.constant(self.amount, tf.float32)
