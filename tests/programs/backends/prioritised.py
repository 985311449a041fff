"""Proportional prioritised replay (Schaul et al., 2016), small, by whichever function writes the priorities."""

from __future__ import annotations

import tensorflow as tf

from rlkit.contracts.buffer import Selected


class Prioritised:
    """A selection; `write(values, slots, updates)` returns the values with updates in their places."""

    def __init__(self, capacity, size, write):
        self.size = size
        self.priority = tf.Variable(tf.zeros((capacity,)))
        self.largest = tf.Variable(1.0)
        self.write = write

    def added(self, added, call):
        new = tf.range(added.slots.shape[0], dtype=tf.int64) < added.count
        places = tf.where(new, added.slots, added.slots[0])
        self.priority.assign(self.write(self.priority, places, tf.fill(added.slots.shape, self.largest)))

    def select(self, stored, call):
        rows = tf.range(self.priority.shape[0], dtype=tf.int64)
        scaled = tf.where(rows < stored.count, (self.priority + 1e-3) ** 0.6, 0.0)
        below = tf.cumsum(scaled)
        wanted = call.noise.uniform((self.size,)) * below[-1]
        slots = tf.reduce_sum(tf.cast(below <= wanted[:, None], tf.int64), axis=1)
        slots = tf.minimum(slots, stored.count - 1)
        return Selected(slots, (tf.gather(scaled, slots) / below[-1]) ** -0.4)

    def update(self, surprise, call):
        self.priority.assign(self.write(self.priority, surprise.slots, surprise.priority))
        self.largest.assign(tf.maximum(self.largest, tf.reduce_max(surprise.priority)))
