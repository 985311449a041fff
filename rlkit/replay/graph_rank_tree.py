"""Rows drawn by the rank of their priorities: the counts in variables, for the compiled loop."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit.contracts.buffer import Drawn
from rlkit.contracts.tensor import Tensor, Variable
from rlkit.replay.rank_tree import EMPTY, HIGHEST, KEYS, MANTISSA_BITS, levels_of, rank_sums
from rlkit.replay.sum_tree import WORD, level_blocks

_SIDE = 16
"""Children of a node are summed by so many groups of so many."""
_FAN_OUT = _SIDE * _SIDE
"""Few levels: XLA scatters one number after another."""
_UP_TO = np.triu(np.ones((_SIDE, _SIDE)))
"""A row of counts times it is the row of their sums up to each, exactly."""


class GraphRankTree:
    """The same as `RankTree`, as graph code."""

    def __init__(self, capacity: int, exponent: float) -> None:
        *self._levels, root = levels_of(capacity, _FAN_OUT)
        self._capacity, slots = capacity, level_blocks(capacity, _FAN_OUT)[0] * _FAN_OUT
        self._keys: Variable = tf.Variable(tf.fill((slots,), EMPTY), trainable=False)
        self._counts: Variable = tf.Variable(tf.zeros((max(root.first, _FAN_OUT),), tf.int32), trainable=False)
        self._root: Variable = tf.Variable(tf.zeros((KEYS,), tf.int32), trainable=False)
        self._sums: Variable = tf.Variable(rank_sums(capacity, exponent), trainable=False)

    def clear(self) -> None:
        """Nothing is stored."""
        self._keys.assign(tf.fill(self._keys.shape, EMPTY))
        for counts in (self._counts, self._root):
            counts.assign(tf.zeros_like(counts))

    def set(self, slots: Tensor, masses: Tensor) -> None:
        """The priorities (A,) float32 of slots (A,) int64; where a slot comes twice its last one counts."""
        places = tf.range(slots.shape[0])
        last = tf.reduce_max(tf.where(slots[:, None] == slots[None, :], places[None, :], 0), axis=1)
        once = tf.cast(tf.equal(last, places), tf.int32)
        keys = tf.gather(_keys_of(masses), last)
        before = tf.gather(self._keys, slots)
        # Added, not overwritten: so XLA reads what was there before, and copies nothing to read it afterwards.
        self._keys.scatter_nd_add(slots[:, None], once * (keys - before))
        gone = -once * tf.cast(tf.not_equal(before, EMPTY), tf.int32)
        keys, more = tf.concat([tf.maximum(before, 0), keys], 0), tf.concat([gone, once], 0)
        keys = tf.cast(keys, tf.int64)
        self._root.scatter_nd_add(keys[:, None], more)
        for level in self._levels:
            nodes = level.first + keys * level.width + tf.tile(slots // level.leaves, (2,))
            self._counts.scatter_nd_add(nodes[:, None], more)

    def draw(self, words: Tensor) -> Drawn:
        """A slot from each of as many equally likely shares as there are words (size,) int64, below 2³²."""
        size, none = words.shape[0], tf.zeros((), tf.float64)
        counts = self._root.read_value()
        sums = tf.gather(self._sums, tf.cumsum(counts))
        total = sums[-1]
        target = (tf.range(size, dtype=tf.float64) + tf.cast(words, tf.float64) * WORD) * (total / size)
        target = tf.minimum(target, tf.math.nextafter(total, none))
        key = tf.reduce_sum(tf.cast(sums[None, :] <= target[:, None], tf.int64), axis=1)
        key = tf.minimum(key, KEYS - 1)  # beyond where nothing is stored
        count, end = tf.cast(tf.gather(counts, key), tf.float64), tf.gather(sums, key)
        mass = end - tf.where(key > 0, tf.gather(sums, tf.maximum(key - 1, 0)), none)
        nth = tf.floor((target - (end - mass)) / mass * count)
        nth = tf.cast(tf.maximum(tf.minimum(nth, count - 1.0), none), tf.int32)
        nodes, blocks = tf.zeros((size,), tf.int64), tf.reshape(self._counts, (-1, _FAN_OUT))
        for level in self._levels[::-1]:
            found = tf.gather(blocks, (level.first + key * level.width) // _FAN_OUT + nodes)
            nodes, nth = _child(found, nodes, nth)
        found = tf.gather(tf.reshape(self._keys, (-1, _FAN_OUT)), nodes)
        slots, _ = _child(tf.cast(tf.cast(found, tf.int64) == key[:, None], tf.int32), nodes, nth)
        return Drawn(tf.minimum(slots, self._capacity - 1), tf.cast(mass / (count * total), tf.float32))


def _keys_of(priorities: Tensor) -> Tensor:
    """(A,) int32. See `rlkit.replay.rank_tree.keys_of`."""
    keys = HIGHEST - tf.bitwise.right_shift(tf.bitcast(priorities, tf.int32), MANTISSA_BITS)
    return tf.clip_by_value(keys, 0, KEYS - 1)


def _child(found: Tensor, nodes: Tensor, nth: Tensor) -> tuple[Tensor, Tensor]:
    """The child with the nth of what is counted in its row, and which of its own that is."""
    groups = tf.reshape(found, (-1, _SIDE, _SIDE))
    group, nth = _first_beyond(tf.reduce_sum(groups, axis=2), nth)
    inner = tf.reduce_sum(groups * tf.one_hot(group, _SIDE, dtype=tf.int32)[:, :, None], axis=1)
    child, nth = _first_beyond(inner, nth)
    return nodes * _FAN_OUT + tf.cast(group * _SIDE + child, tf.int64), nth


def _first_beyond(counts: Tensor, nth: Tensor) -> tuple[Tensor, Tensor]:
    """Of counts (R, `_SIDE`), the first whose sum with those before is above nth, and nth less those before."""
    sums = tf.cast(tf.matmul(tf.cast(counts, tf.float64), tf.constant(_UP_TO)), tf.int32)
    place = tf.minimum(tf.reduce_sum(tf.cast(sums <= nth[:, None], tf.int32), axis=1), _SIDE - 1)
    before = tf.reduce_sum(tf.one_hot(place, _SIDE, dtype=tf.int32) * (sums - counts), axis=1)
    return place, nth - before
