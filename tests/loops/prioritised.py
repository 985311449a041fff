"""Proportional prioritised replay (Schaul et al., 2016), small, by whichever function writes the priorities."""

from __future__ import annotations

import tensorflow as tf


class Prioritised:
    """A selection; `write(values, slots, updates)` returns the values with updates in their places."""

    def __init__(self, capacity, write):
        self.priority = tf.Variable(tf.zeros((capacity,)))
        self.largest = tf.Variable(1.0)
        self.write = write

    def added(self, slots, count):
        new = tf.range(slots.shape[0], dtype=tf.int64) < count
        places = tf.where(new, slots, slots[0])
        self.priority.assign(self.write(self.priority, places, tf.fill(slots.shape, self.largest)))

    def select(self, size, stored, noise, progress):
        rows = tf.range(self.priority.shape[0], dtype=tf.int64)
        scaled = tf.where(rows < stored, (self.priority + 1e-3) ** 0.6, 0.0)
        below = tf.cumsum(scaled)
        wanted = noise.uniform((size,)) * below[-1]
        slots = tf.reduce_sum(tf.cast(below <= wanted[:, None], tf.int64), axis=1)
        slots = tf.minimum(slots, stored - 1)
        return slots, (tf.gather(scaled, slots) / below[-1]) ** -0.4

    def update(self, slots, priority):
        self.priority.assign(self.write(self.priority, slots, priority))
        self.largest.assign(tf.maximum(self.largest, tf.reduce_max(priority)))
