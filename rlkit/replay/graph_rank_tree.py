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
_GROUPS = KEYS // _SIDE
_UP_TO = np.triu(np.ones((_SIDE, _SIDE), np.int32))
"""A row of counts times it is the row of their sums up to each."""
_BEFORE = np.triu(np.ones((_GROUPS, _GROUPS), np.int32), 1)
"""The same for the sums of the groups before each."""


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
        sums = tf.gather(self._sums, _sums_of_all(counts))
        total = sums[-1]
        target = (tf.range(size, dtype=tf.float64) + tf.cast(words, tf.float64) * WORD) * (total / size)
        target = tf.minimum(target, tf.math.nextafter(total, none))
        key = _key_at(sums, target)
        count, end = tf.cast(tf.gather(counts, key), tf.float64), tf.gather(sums, key)
        mass = end - tf.where(key > 0, tf.gather(sums, tf.maximum(key - 1, 0)), none)
        nth = tf.floor((target - (end - mass)) / mass * count)
        nth = tf.cast(tf.maximum(tf.minimum(nth, count - 1.0), none), tf.int32)
        nodes, blocks = tf.zeros((size,), tf.int32), tf.reshape(self._counts, (-1, _FAN_OUT))
        for level in self._levels[::-1]:
            found = tf.gather(blocks, (level.first + key * level.width) // _FAN_OUT + nodes)
            nodes, nth = _child(found, nodes, nth)
        found = tf.gather(tf.reshape(self._keys, (-1, _FAN_OUT)), nodes)
        slots, _ = _child(tf.cast(found == key[:, None], tf.int32), nodes, nth)
        slots = tf.cast(tf.minimum(slots, self._capacity - 1), tf.int64)
        return Drawn(slots, tf.cast(mass / (count * total), tf.float32))


def _sums_of_all(counts: Tensor) -> Tensor:
    """Of (KEYS,) counts, (KEYS,) the sum up to each: by groups, because XLA's own sums take a time that is squared."""
    within = _sums(tf.reshape(counts, (_GROUPS, _SIDE)))
    before = tf.reduce_sum(within[:, -1:] * _BEFORE, axis=0)
    return tf.reshape(within + before[:, None], (KEYS,))


def _key_at(sums: Tensor, target: Tensor) -> Tensor:
    """(A,) int32, the first key whose sum is above the target; the last one where nothing is stored."""
    groups = tf.reshape(sums, (_GROUPS, _SIDE))
    group = tf.reduce_sum(tf.cast(groups[None, :, -1] <= target[:, None], tf.int32), axis=1)
    group = tf.minimum(group, _GROUPS - 1)
    inner = tf.reduce_sum(tf.cast(tf.gather(groups, group) <= target[:, None], tf.int32), axis=1)
    return tf.minimum(group * _SIDE + inner, KEYS - 1)


def _keys_of(priorities: Tensor) -> Tensor:
    """(A,) int32. See `rlkit.replay.rank_tree.keys_of`."""
    keys = HIGHEST - tf.bitwise.right_shift(tf.bitcast(priorities, tf.int32), MANTISSA_BITS)
    return tf.clip_by_value(keys, 0, KEYS - 1)


def _child(found: Tensor, nodes: Tensor, nth: Tensor) -> tuple[Tensor, Tensor]:
    """The child with the nth of what is counted in its row, and which of its own that is."""
    rows = tf.range(found.shape[0]) * _SIDE
    group, nth = _first_beyond(tf.reduce_sum(tf.reshape(found, (-1, _SIDE, _SIDE)), axis=2), nth)
    child, nth = _first_beyond(tf.gather(tf.reshape(found, (-1, _SIDE)), rows + group), nth)
    return nodes * _FAN_OUT + group * _SIDE + child, nth


def _first_beyond(counts: Tensor, nth: Tensor) -> tuple[Tensor, Tensor]:
    """Of counts (R, `_SIDE`), the first whose sum with those before is above nth, and nth less those before."""
    sums = _sums(counts)
    place = tf.minimum(tf.reduce_sum(tf.cast(sums <= nth[:, None], tf.int32), axis=1), _SIDE - 1)
    before = tf.gather(tf.reshape(sums - counts, (-1,)), tf.range(counts.shape[0]) * _SIDE + place)
    return place, nth - before


def _sums(counts: Tensor) -> Tensor:
    """Of counts (R, `_SIDE`) int32, the sum of each with those before it in its row."""
    # As a product of matrices it would be a call of a library, which takes longer than the sums.
    return tf.reduce_sum(counts[:, :, None] * _UP_TO, axis=1)
