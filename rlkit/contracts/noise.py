"""Random numbers as a source: a pure function of (seed, stream, counter), drawn by the core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rlkit.contracts.tensor import Tensor


class Noise(Protocol):
    """A source of random numbers for one call of `act`, `select` or `learn`.

    Each request within a call gives fresh numbers. Shapes are static (no None). A request inside a
    `tf.while_loop` would be drawn once for all turns, and is refused: ask before the loop.
    Using any other generator (`tf.random`, `numpy.random`, `random`) makes a run impossible to repeat.
    """

    def uniform(self, shape: Sequence[int]) -> Tensor:
        """float32 in [0, 1), multiples of 2⁻²⁴; the same bits on every backend."""

    def integers(self, shape: Sequence[int], bound: Tensor | int) -> Tensor:
        """int64 in [0, bound), bound below 2³¹ and broadcast to `shape`; the same values on every backend."""

    def normal(self, shape: Sequence[int]) -> Tensor:
        """float32, standard normal (Box-Muller); the last bits may differ between backends."""

    def gumbel(self, shape: Sequence[int]) -> Tensor:
        """float32, standard Gumbel; the last bits may differ between backends."""
