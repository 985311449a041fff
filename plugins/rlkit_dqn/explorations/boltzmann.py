"""Boltzmann (softmax) exploration."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Noise, Progress, Schedule, Tensor, component, parameter

_COLDEST = 1e-6


@component
class Boltzmann:
    """Actions drawn in proportion to exp(Q / temperature).

    Sutton and Barto (2018), section 2.8. Drawn as argmax(Q / temperature + Gumbel noise), the same distribution.
    """

    temperature: float | Schedule = parameter(
        default=1.0, doc="spread in units of Q: near 0 greedy, large uniform; a schedule is kept above 1e-6", above=0
    )

    def select(self, q_values: Tensor, noise: Noise, progress: Progress) -> Tensor:
        """See `Exploration.select`."""
        perturbed = q_values / self._temperature(progress) + noise.gumbel(tuple(q_values.shape))
        return tf.argmax(perturbed, axis=-1, output_type=tf.int32)

    def report(self, progress: Progress) -> dict[str, Tensor]:
        """The temperature now."""
        return {"temperature": self._temperature(progress)}

    def _temperature(self, progress: Progress) -> Tensor:
        if isinstance(self.temperature, (int, float)):
            return tf.constant(self.temperature, tf.float32)
        return tf.maximum(self.temperature.value(progress), _COLDEST)
