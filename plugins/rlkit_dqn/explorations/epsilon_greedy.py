"""ε-greedy exploration."""

from __future__ import annotations

import dataclasses

import tensorflow as tf

from rlkit import Noise, ParameterError, Progress, Schedule, Tensor, component, parameter
from rlkit_dqn.schedules.exponential import Exponential

_DECAY = ("start", "end", "decay")


@component
class EpsilonGreedy:
    """A random action with probability ε, else the action of greatest value.

    After k episodes ε = max(start · decayᵏ, end), or what `schedule` says. Watkins (1989); the decay by episode is
    the reference notebook's.
    """

    start: float = parameter(
        default=1.0, doc="ε in the first episode", at_least=0, at_most=1, source="reference notebook"
    )
    end: float = parameter(
        default=0.1, doc="ε below which it does not fall", at_least=0, at_most=1, source="reference notebook"
    )
    decay: float = parameter(
        default=0.995, doc="factor on ε at each episode's end", above=0, at_most=1, source="reference notebook"
    )
    schedule: Schedule | None = parameter(default=None, doc="ε by another rule, instead of start, end and decay")

    def __post_init__(self) -> None:
        if self.schedule is not None:
            defaults = {field.name: field.default for field in dataclasses.fields(self)}
            for name in _DECAY:
                if getattr(self, name) != defaults[name]:
                    raise ParameterError(name, "cannot be given beside schedule, which replaces start, end and decay")
        elif self.end > self.start:
            raise ParameterError("end", f"found {self.end!r}; allowed: at most start ({self.start!r})")

    def select(self, q_values: Tensor, noise: Noise, progress: Progress) -> Tensor:
        """See `Exploration.select`."""
        rows, actions = q_values.shape
        explore = noise.uniform((rows,)) < self._epsilon(progress)
        tried = tf.cast(noise.integers((rows,), actions), tf.int32)
        return tf.where(explore, tried, tf.argmax(q_values, axis=-1, output_type=tf.int32))

    def report(self, progress: Progress) -> dict[str, Tensor]:
        """ε now."""
        return {"epsilon": self._epsilon(progress)}

    def _epsilon(self, progress: Progress) -> Tensor:
        if self.schedule is not None:
            return self.schedule.value(progress)
        return Exponential(start=self.start, end=self.end, decay=self.decay, by="episode").value(progress)
