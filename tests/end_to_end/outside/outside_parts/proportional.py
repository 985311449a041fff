"""Proportional prioritised replay (Schaul et al., 2016), rows drawn with replacement."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Schedule, Selected, component, parameter, scatter, value_of


@component
class Proportional:
    """Rows in proportion to priority^alpha, weighted by importance; new ones as the most surprising so far."""

    capacity: int = parameter(default=2000, doc="steps kept", at_least=1)
    alpha: float = parameter(default=0.6, doc="0 for uniform", at_least=0)
    beta: float | Schedule = parameter(default=0.4, doc="how much of the bias is corrected", at_least=0, at_most=1)

    def build(self, storage):
        return Priorities(self, storage)


class Priorities:
    def __init__(self, buffer, storage):
        self.buffer, self.size = buffer, storage.sampling.size
        self.priorities = tf.Variable(tf.zeros((storage.capacity,)))
        self.greatest = tf.Variable(1.0)

    def added(self, added, call):
        new = tf.range(added.slots.shape[0], dtype=tf.int64) < added.count
        # The slots that mean nothing repeat the first, which is new.
        slots = tf.where(new, added.slots, added.slots[0])
        self.priorities.assign(scatter(self.priorities, slots, tf.fill(slots.shape, self.greatest)))

    def select(self, stored, call):
        total = tf.cumsum(self.priorities)
        wanted = call.noise.uniform((self.size, 1)) * total[-1]
        slots = tf.reduce_sum(tf.cast(total <= wanted, tf.int32), axis=1)
        slots = tf.minimum(slots, tf.cast(stored.count, tf.int32) - 1)
        share = tf.maximum(tf.gather(self.priorities, slots), 1e-6) / total[-1]
        weight = (tf.cast(stored.count, tf.float32) * share) ** -value_of(self.buffer.beta, call.progress)
        return Selected(tf.cast(slots, tf.int64), weight / tf.reduce_max(weight))

    def update(self, surprise, call):
        fresh = (surprise.priority + 1e-3) ** self.buffer.alpha
        self.priorities.assign(scatter(self.priorities, surprise.slots, fresh))
        self.greatest.assign(tf.maximum(self.greatest, tf.reduce_max(fresh)))
