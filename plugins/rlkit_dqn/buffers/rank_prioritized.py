"""Prioritised replay by the rank of priorities."""

from __future__ import annotations

from typing import Literal

import tensorflow as tf

from rlkit import Added, Call, Schedule, Selected, Storage, Stored, Surprise, Tensor, component, parameter, value_of
from rlkit_dqn.buffers.prioritized import importance_weights

_LEAST = 1e-30
"""What no surprise counts as; the least priorities tie in any case."""


@component
class RankPrioritizedBuffer:
    """Steps drawn the more often the more others they were more surprising than when they were last learned from.

    Schaul, Quan, Antonoglou and Silver (2016), "Prioritized experience replay", rank-based variant (section 3.3): step
    i is drawn with probability P(i) = p_i^α / Σ p^α, p_i = 1 / rank(i), where the rank of the greatest |surprise| is 1,
    and learned from with the weight (N · P(i))^−β, divided by the greatest of the sample. Only the order of surprises
    counts, so that a few great ones do not crowd out the others. A new step has the greatest surprise so far. A sample
    may hold a step more than once.
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
        default=0.7,
        doc="how much ranks count: 0 draws uniformly",
        at_least=0,
        at_most=1,
        source="Schaul et al., 2016 (section 4), rank-based",
    )
    beta: float | Schedule = parameter(
        default=0.5,
        doc="how much weights make up for it: 1 in full; the paper ends there, {name: linear, start: 0.5, end: 1.0}",
        at_least=0,
        at_most=1,
        source="Schaul et al., 2016 (section 4), rank-based, at the start",
    )

    def build(self, storage: Storage) -> RankPrioritizedSelection:
        """See `Buffer.build`."""
        return RankPrioritizedSelection(self)


class RankPrioritizedSelection:
    """Priorities |surprise|; ranks and drawing are the core's. What remains here is the greatest priority so far."""

    draws_by_mass = True

    def __init__(self, buffer: RankPrioritizedBuffer) -> None:
        self.buffer, self.rank_exponent = buffer, buffer.alpha
        self.greatest = tf.Variable(_LEAST, trainable=False)

    def added(self, added: Added, call: Call) -> Tensor:
        """The greatest priority so far, that each may be learned from once."""
        return tf.fill(added.slots.shape, self.greatest)

    def select(self, stored: Stored, call: Call) -> Selected:
        """What was drawn, with its importance weights (Schaul et al., 2016, section 3.4)."""
        beta = value_of(self.buffer.beta, call.progress)
        return Selected(stored.drawn.slots, importance_weights(stored.drawn.share, stored.count, beta))

    def update(self, surprise: Surprise, call: Call) -> Tensor:
        """|surprise|, above 0."""
        priorities = tf.maximum(tf.abs(surprise.priority), _LEAST)
        self.greatest.assign(tf.maximum(self.greatest, tf.reduce_max(priorities)))
        return priorities
