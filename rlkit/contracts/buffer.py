"""The buffer: which of the stored rows are learned from. The rows themselves lie in the core's ring."""

from __future__ import annotations

from typing import Protocol

from rlkit.contracts.data import Progress
from rlkit.contracts.noise import Noise
from rlkit.contracts.tensor import Tensor


class Buffer(Protocol):
    """How much is kept, and how it is sampled."""

    @property
    def capacity(self) -> int:
        """Rows kept; the oldest is overwritten first."""

    def build(self, environments: int) -> Selection:
        """The working selection. A buffer that remembers nothing may return itself."""


class Selection(Protocol):
    """Graph code that picks ring slots. Slots are int64 ring indices in [0, capacity)."""

    def added(self, slots: Tensor, count: Tensor) -> None:
        """Rows came in at the first `count` of `slots` (A,), each slot once; the slots after those mean nothing.

        Called before the next selection.
        """

    def select(self, size: int, stored: Tensor, noise: Noise, progress: Progress) -> tuple[Tensor, Tensor]:
        """`size` slots out of the `stored` first ones: (size,) int64 slots, (size,) float32 weights."""

    def update(self, slots: Tensor, priority: Tensor) -> None:
        """After learning: `priority` (size,) float32 of the rows at `slots` (size,)."""
