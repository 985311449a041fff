"""The bootstrap: which of the next step's action values a target is built on."""

from __future__ import annotations

from typing import Protocol

from rlkit import Tensor


class Bootstrap(Protocol):
    """The policy that a target assumes at the next observation. With state of its own it has `build(spaces)`."""

    def next_policy(self, online: Tensor, target: Tensor) -> Tensor:
        """Probabilities under which the target network's values are averaged (graph code).

        Args:
            online: (B, actions) float32, the online network's action values at the next observation.
            target: (B, actions) float32, the target network's.

        Returns:
            (B, actions) float32, each row summing to 1. No gradient flows through it.
        """
