"""Rows drawn by the rank of their priorities: counts in NumPy, beside the ring of the stepwise loop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.replay.sum_tree import WORD, level_blocks

_FAN_OUT = 64
"""Children of a node: few levels, since each is a dozen calls of NumPy, and rows that are summed in little time."""
KEYS = 384
"""Priorities that are told apart: eight in each octave from 2⁻²⁴ to 2²⁴."""
HIGHEST = (127 + 24) * 8 - 1
"""The exponent of a float32 and three bits of its mantissa, read as an integer: of the greatest that is told apart."""
MANTISSA_BITS = 20
"""Those that are not looked at."""
EMPTY = -1
"""The key of a slot that nothing is stored in."""


class Level(NamedTuple):
    """Where in the flat array of counts those of a level lie: that of `node` and a key at `first + key · width + node`.

    A node's children lie side by side, and so many nodes are left empty that the last one's do, too.
    """

    first: int
    width: int
    leaves: int
    """Slots below a node."""


def levels_of(capacity: int, fan_out: int) -> list[Level]:
    """The lowest first; the last one has a single node, the root."""
    levels, first, leaves = [], 0, fan_out
    for above in (*level_blocks(capacity, fan_out)[1:], 0):
        width = above * fan_out if above else 1
        levels.append(Level(first, width, leaves))
        first, leaves = first + KEYS * width, leaves * fan_out
    return levels


def rank_sums(capacity: int, exponent: float) -> npt.NDArray[np.float64]:
    """Σ i^−exponent over the ranks i = 1 … k: (capacity + 1,), by k."""
    return np.concatenate([[0.0], (np.arange(1, capacity + 1) ** -float(exponent)).cumsum()])


class RankTree:
    """A priority for each slot; slots are drawn in proportion to (1 / rank)^exponent, the greatest's rank being 1.

    Schaul, Quan, Antonoglou and Silver (2016), "Prioritized experience replay", section 3.3, rank-based. Slots of one
    key tie: each has the mean over the ranks that they share. So ranks need no order of the slots, but how many there
    are of each key, in all (which tells a key's ranks) and below each node of a tree over the slots (which finds the
    j-th of them). Counts are integers, so that nothing drifts, and no rank is ever out of date.
    """

    def __init__(self, capacity: int, exponent: float) -> None:
        """Nothing is stored."""
        *self._levels, root = levels_of(capacity, _FAN_OUT)
        self._keys = np.full((level_blocks(capacity, _FAN_OUT)[0], _FAN_OUT), EMPTY, np.int16)
        self._counts = np.zeros((root.first // _FAN_OUT, _FAN_OUT), np.int32)
        self._root = np.zeros(KEYS, np.int32)
        self._sums = rank_sums(capacity, exponent)
        self._last = np.zeros(capacity, np.int32)

    def set(self, slots: npt.NDArray[np.int64], priorities: npt.NDArray[np.float32]) -> None:
        """The priorities (A,), above 0, of slots (A,); where a slot comes twice its last one counts."""
        places = np.arange(len(slots), dtype=np.int32)
        self._last[slots] = places
        once = self._last[slots] == places
        slots, keys = slots[once], keys_of(priorities[once])
        leaves = self._keys.reshape(-1)
        before = leaves[slots].astype(np.int64)
        leaves[slots] = keys
        # Of a type that NumPy adds ten times faster than a Python integer.
        gone, come = -(before != EMPTY).astype(np.int32), np.ones(len(slots), np.int32)
        before = np.maximum(before, 0)
        np.add.at(self._root, before, gone)
        np.add.at(self._root, keys, come)
        counts = self._counts.reshape(-1)
        for level in self._levels:
            nodes = level.first + slots // level.leaves
            np.add.at(counts, nodes + before * level.width, gone)
            np.add.at(counts, nodes + keys * level.width, come)

    def draw(self, words: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """A slot from each of as many equally likely shares as there are words (size,), integers below 2³².

        Returns:
            Slots (size,) int64, and (size,) float32, how likely each is. Something must be stored.
        """
        size, counts = len(words), self._root
        sums = self._sums[counts.cumsum()]
        total = sums[-1]
        target = (np.arange(size) + words * WORD) * (total / size)
        target = np.minimum(target, np.nextafter(total, 0.0))
        key = sums.searchsorted(target, "right")
        count, end = counts[key].astype(np.int64), sums[key]
        mass = end - np.where(key > 0, sums[key - 1], 0.0)
        # Which of the key's slots: rounding must not lead beyond them.
        nth = ((target - (end - mass)) / mass * count).astype(np.int64)
        nth = np.maximum(np.minimum(nth, count - 1), 0)
        nodes = np.zeros(size, np.int64)
        for level in self._levels[::-1]:
            nodes, nth = _child(self._counts[(level.first + key * level.width) // _FAN_OUT + nodes], nodes, nth)
        slots, _ = _child(self._keys[nodes] == key[:, None], nodes, nth)
        return slots, (mass / (count * total)).astype(np.float32)


def keys_of(priorities: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """(A,), from 0, the greatest priorities', to `KEYS` − 1: bits of a float32 order as it does."""
    keys = (HIGHEST - (priorities.view(np.int32) >> MANTISSA_BITS)).astype(np.int64)
    return np.minimum(np.maximum(keys, 0), KEYS - 1)


def _child(
    found: npt.NDArray[np.generic], nodes: npt.NDArray[np.int64], nth: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The child with the nth of what is counted in its row, and which of its own that is."""
    sums, rows = found.cumsum(axis=1, dtype=np.int32), np.arange(len(nth))
    child = (sums > nth[:, None]).argmax(axis=1)
    return nodes * _FAN_OUT + child, nth - (sums[rows, child] - found[rows, child])
