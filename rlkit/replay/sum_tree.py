"""Rows drawn in proportion to their masses: a tree of sums in NumPy, beside the ring of the stepwise loop."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_FAN_OUT = 32
"""Children of a node: few levels, since each is a dozen calls of NumPy, and rows that are summed in little time."""
WORD = 2.0**-32


def level_blocks(capacity: int, fan_out: int) -> list[int]:
    """By level, the leaves' first: how many nodes it has the children of. The last one has those of the root."""
    blocks = [-(-capacity // fan_out)]
    while blocks[-1] > 1:
        blocks.append(-(-blocks[-1] // fan_out))
    return blocks


class SumTree:
    """A mass for each slot, and the sums of them, which are added up anew from below, so that no error grows.

    Schaul, Quan, Antonoglou and Silver (2016), "Prioritized experience replay", appendix B.2.1. In float64, so that
    what is rare among millions is drawn as often as it should be.
    """

    def __init__(self, capacity: int) -> None:
        """All masses are 0: nothing is stored."""
        self._levels = [np.zeros((blocks, _FAN_OUT)) for blocks in level_blocks(capacity, _FAN_OUT)]
        self._leaves = self._levels[0].reshape(-1)

    def set(self, slots: npt.NDArray[np.int64], masses: npt.NDArray[np.float32]) -> None:
        """The masses (A,) of slots (A,); where a slot comes twice its last one counts."""
        self._leaves[slots] = masses
        nodes = slots
        for below, above in zip(self._levels, self._levels[1:], strict=False):
            nodes = nodes // _FAN_OUT
            above.reshape(-1)[nodes] = below[nodes].sum(axis=1)

    def draw(self, words: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """A slot from each of as many equal shares of the sum as there are words (size,), integers below 2³².

        Returns:
            Slots (size,) int64, and (size,) float32, their masses as shares of the sum. One mass must be above 0.
        """
        size, first = len(words), self._levels[-1][0]
        sums = first.cumsum()
        total = sums[-1]
        target = (np.arange(size) + words * WORD) * (total / size)
        # Rounding must not lead out of a node, nor to a child without mass.
        target = np.minimum(target, np.nextafter(total, 0.0))
        nodes = sums.searchsorted(target, "right")
        target = target - (sums[nodes] - first[nodes])
        rows = np.arange(size)
        for level in self._levels[-2::-1]:
            masses = level[nodes]
            sums = masses.cumsum(axis=1)
            target = np.maximum(np.minimum(target, np.nextafter(sums[:, -1], 0.0)), 0.0)
            child = (sums > target[:, None]).argmax(axis=1)
            target = target - (sums[rows, child] - masses[rows, child])
            nodes = nodes * _FAN_OUT + child
        return nodes, (self._leaves[nodes] / total).astype(np.float32)
