"""A parameter that may change with progress."""

from __future__ import annotations

import tensorflow as tf

from rlkit.contracts.data import Progress
from rlkit.contracts.schedule import Schedule
from rlkit.contracts.tensor import Tensor


def value_of(parameter: float | Schedule, progress: Progress) -> Tensor:
    """A parameter of the type `float | Schedule` now: a float32 scalar (graph code)."""
    if isinstance(parameter, (int, float)):
        return tf.constant(parameter, tf.float32)
    return parameter.value(progress)
