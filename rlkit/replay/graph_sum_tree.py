"""Rows drawn in proportion to their masses: the tree of sums in variables, for the compiled loop."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit.contracts.buffer import Drawn
from rlkit.contracts.tensor import Tensor, Variable
from rlkit.replay.sum_tree import WORD, level_blocks

_BITS = 4
_FAN_OUT = 1 << _BITS
"""Children of a node: sums within it are a product with a small matrix."""
_BEFORE = np.triu(np.ones((_FAN_OUT, _FAN_OUT)))
"""A row of masses times it is the row of their sums up to each."""


class GraphSumTree:
    """The same as `SumTree`, as graph code."""

    def __init__(self, capacity: int) -> None:
        zeros = [tf.zeros((blocks, _FAN_OUT), tf.float64) for blocks in level_blocks(capacity, _FAN_OUT)]
        # By level, its last child that is a block of the level below, or a slot.
        self._lasts = [capacity - 1, *(blocks - 1 for blocks in level_blocks(capacity, _FAN_OUT)[:-1])]
        self._levels: list[Variable] = [tf.Variable(level, trainable=False) for level in zeros]

    def clear(self) -> None:
        """All masses are 0: nothing is stored."""
        for level in self._levels:
            level.assign(tf.zeros_like(level))

    def set(self, slots: Tensor, masses: Tensor) -> None:
        """The masses (A,) float32 of slots (A,) int64; where a slot comes twice its last one counts."""
        # The value of the last is written for all of them, so that the order of writing does not matter.
        places = tf.range(slots.shape[0])
        last = tf.reduce_max(tf.where(slots[:, None] == slots[None, :], places[None, :], 0), axis=1)
        values, nodes = tf.cast(tf.gather(masses, last), tf.float64), tf.cast(slots, tf.int32)
        for place, level in enumerate(self._levels):
            if place:
                values = tf.reduce_sum(tf.gather(self._levels[place - 1], nodes), axis=1)
            # Shifts of int32: XLA's floor division takes longer.
            parents = tf.bitwise.right_shift(nodes, _BITS)
            level.scatter_nd_update(tf.stack([parents, nodes - parents * _FAN_OUT], axis=1), values)
            nodes = parents

    def draw(self, words: Tensor) -> Drawn:
        """A slot from each of as many equal shares of the sum as there are words (size,) int64, below 2³²."""
        size, total = words.shape[0], tf.reduce_sum(self._levels[-1])
        target = (tf.range(size, dtype=tf.float64) + tf.cast(words, tf.float64) * WORD) * (total / size)
        nodes, mass, rows = tf.zeros((size,), tf.int32), total, tf.range(size) * _FAN_OUT
        for level, last in zip(reversed(self._levels), reversed(self._lasts), strict=True):
            masses = tf.gather(level, nodes)
            # As a product of matrices it would be a call of a library, which takes longer than the sums.
            sums = tf.reduce_sum(masses[:, :, None] * _BEFORE, axis=1)
            # Rounding must not lead out of the node, nor to a child without mass.
            target = tf.clip_by_value(target, tf.zeros((), tf.float64), tf.math.nextafter(sums[:, -1], 0.0 * total))
            child = tf.reduce_sum(tf.cast(sums <= target[:, None], tf.int32), axis=1)
            # Where a mass is none the child lies beyond, which the loop tells of after the learning step.
            at_child = rows + tf.minimum(child, _FAN_OUT - 1)
            mass = tf.gather(tf.reshape(masses, (-1,)), at_child)
            target = target - (tf.gather(tf.reshape(sums, (-1,)), at_child) - mass)
            nodes = tf.minimum(nodes * _FAN_OUT + child, last)
        return Drawn(tf.cast(nodes, tf.int64), tf.cast(mass / total, tf.float32))
