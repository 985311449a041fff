"""A selection that remembers which rows came in, in which order, and how surprising they were."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Selected


class Remembering:
    """Draws pairs of rows, and takes of each the more surprising; a row counts as very surprising when it comes in."""

    def __init__(self, storage):
        self.size = storage.sampling.size
        self.surprise = tf.Variable(tf.zeros((storage.capacity,)))
        self.came = tf.Variable(tf.zeros((), tf.int64))

    def added(self, added, call):
        slots, count, _ = added
        new = tf.range(slots.shape[0], dtype=tf.int64) < count
        # Each slot once: those that mean nothing point past the end, where nothing is written.
        places = tf.where(new, slots, 0)
        values = tf.where(new, 10.0, tf.gather(self.surprise, places))
        kept = tf.tensor_scatter_nd_max(self.surprise, places[:, None], values)
        self.surprise.assign(kept)
        self.came.assign_add(count)

    def select(self, stored, call):
        size, noise = self.size, call.noise
        one, other = (noise.integers((size,), stored.count) for _ in range(2))
        better = tf.gather(self.surprise, one) >= tf.gather(self.surprise, other)
        weight = 1.0 + 0.0 * noise.uniform((size,)) + tf.cast(self.came, tf.float32) * 1e-4
        return Selected(tf.where(better, one, other), weight)

    def update(self, surprise, call):
        slots, priority = surprise
        # A row that was drawn twice keeps the greater surprise, whatever the order of writing.
        forgotten = tf.tensor_scatter_nd_update(self.surprise, slots[:, None], tf.zeros_like(priority))
        self.surprise.assign(tf.tensor_scatter_nd_max(forgotten, slots[:, None], priority))
