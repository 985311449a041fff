"""No exploration."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Noise, Progress, Tensor, component


@component
class Greedy:
    """Always the action of greatest value; the first of equals."""

    def select(self, q_values: Tensor, noise: Noise, progress: Progress) -> Tensor:
        """See `Exploration.select`."""
        return tf.argmax(q_values, axis=-1, output_type=tf.int32)
