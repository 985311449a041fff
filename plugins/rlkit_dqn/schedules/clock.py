"""What a schedule counts."""

from __future__ import annotations

from typing import Literal

import tensorflow as tf

from rlkit import Progress, Tensor

Clock = Literal["step", "episode", "update"]


def elapsed(progress: Progress, clock: Clock) -> Tensor:
    """How many steps, episodes or updates were completed: a float32 scalar, exact up to 2²⁴."""
    return tf.cast(getattr(progress, clock), tf.float32)
