"""Prioritised replay, proportional to priorities."""

from __future__ import annotations

from typing import Literal

import tensorflow as tf

from rlkit import Added, Call, Schedule, Selected, Storage, Stored, Surprise, Tensor, component, parameter, value_of


@component
class PrioritizedBuffer:
    """Steps drawn the more often the more surprising they were when they were last learned from.

    Schaul, Quan, Antonoglou and Silver (2016), "Prioritized experience replay", proportional variant (section 3.3):
    step i is drawn with probability P(i) = p_i^α / Σ p^α, p_i = |surprise| + ε, and learned from with the weight
    (N · P(i))^−β, divided by the greatest of the sample. A new step has the greatest p^α so far. A sample may hold a
    step more than once.
    """

    capacity: int = parameter(
        default=50_000,
        doc="steps kept; the oldest is overwritten first",
        at_least=1,
        source="reference notebook; Schaul et al., 2016 kept 1,000,000",
    )
    storage: Literal["memory", "disk"] = parameter(
        default="memory",
        doc="where observations lie; disk maps them from a file in the run's folder, which is gone when the run ends",
    )
    alpha: float = parameter(
        default=0.6,
        doc="how much priorities count: 0 draws uniformly",
        at_least=0,
        at_most=1,
        source="Schaul et al., 2016 (section 4); Hessel et al., 2018 (Rainbow) used 0.5",
    )
    beta: float | Schedule = parameter(
        default=0.4,
        doc="how much weights make up for it: 1 in full; the paper ends there, {name: linear, start: 0.4, end: 1.0}",
        at_least=0,
        at_most=1,
        source="Schaul et al., 2016 (section 4), at the start",
    )
    epsilon: float = parameter(
        default=1e-6, doc="added to |surprise|, so that every step can be drawn", above=0, source="Schaul et al., 2016"
    )

    def build(self, storage: Storage) -> PrioritizedSelection:
        """See `Buffer.build`."""
        return PrioritizedSelection(self)


class PrioritizedSelection:
    """Masses p^α; drawing is the core's. What remains here is the greatest mass so far."""

    draws_by_mass = True

    def __init__(self, buffer: PrioritizedBuffer) -> None:
        self.buffer = buffer
        self.greatest = tf.Variable(1.0, trainable=False)

    def added(self, added: Added, call: Call) -> Tensor:
        """The greatest mass so far, that each may be learned from once."""
        return tf.fill(added.slots.shape, self.greatest)

    def select(self, stored: Stored, call: Call) -> Selected:
        """What was drawn, with its importance weights (Schaul et al., 2016, section 3.4)."""
        beta = value_of(self.buffer.beta, call.progress)
        return Selected(stored.drawn.slots, importance_weights(stored.drawn.share, stored.count, beta))

    def update(self, surprise: Surprise, call: Call) -> Tensor:
        """(|surprise| + ε)^α."""
        masses = tf.pow(tf.abs(surprise.priority) + self.buffer.epsilon, self.buffer.alpha)
        self.greatest.assign(tf.maximum(self.greatest, tf.reduce_max(masses)))
        return masses


def importance_weights(share: Tensor, count: Tensor, beta: Tensor) -> Tensor:
    """(N · P(i))^−β over the greatest of them: (size,) float32 in (0, 1]."""
    weight = tf.pow(share * tf.cast(count, tf.float32), -beta)
    return weight / tf.reduce_max(weight)
