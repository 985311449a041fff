"""The exploration policy: from action values to an action."""

from __future__ import annotations

from typing import Protocol

from rlkit.contracts.data import Progress
from rlkit.contracts.noise import Noise
from rlkit.contracts.tensor import Tensor


class Exploration(Protocol):
    """A rule for trying actions. With state of its own it has `build(spaces)`, which returns the working part."""

    def select(self, q_values: Tensor, noise: Noise, progress: Progress) -> Tensor:
        """(B, actions) float32 to (B,) int32 actions."""
