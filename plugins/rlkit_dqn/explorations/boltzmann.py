"""Boltzmann (softmax) exploration."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, Progress, Schedule, Seen, Tensor, component, parameter, value_of

_COLDEST = 1e-6


@component
class Boltzmann:
    """Actions drawn in proportion to exp(Q / temperature).

    Sutton and Barto (2018), section 2.8. Drawn as argmax(Q / temperature + Gumbel noise), the same distribution.
    """

    temperature: float | Schedule = parameter(
        default=1.0,
        doc="spread in units of Q: near 0 greedy, large uniform; what is below 1e-6 counts as 1e-6",
        above=0,
    )

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration.select`."""
        perturbed = values / self._temperature(call.progress) + call.noise.gumbel(tuple(values.shape))
        return tf.argmax(perturbed, axis=-1, output_type=tf.int32)

    def probabilities(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration`: softmax(Q / temperature)."""
        return tf.nn.softmax(values / self._temperature(call.progress))

    def report(self, progress: Progress) -> dict[str, Tensor]:
        """The temperature now."""
        return {"temperature": self._temperature(progress)}

    def _temperature(self, progress: Progress) -> Tensor:
        return tf.maximum(value_of(self.temperature, progress), _COLDEST)
