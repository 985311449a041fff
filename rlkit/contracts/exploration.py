"""The exploration policy: from action values to an action."""

from __future__ import annotations

from typing import Protocol

from rlkit.contracts.data import Progress
from rlkit.contracts.noise import Noise
from rlkit.contracts.tensor import Tensor


class Exploration(Protocol):
    """A rule for trying actions. With state of its own it has `build(spaces)`, which returns the working part.

    A rule without state that chooses the action of greatest value wherever it tries none may say so by an optional
    method `tries(environments, actions, noise, progress)`: (B,) bool, where an action is tried whatever its value, and
    (B,) int32, which. `select` then equals `tf.where(where, which, tf.argmax(q_values, axis=-1))`, with the same
    requests of noise in the same order. The agent need not value actions that nobody compares.
    """

    def select(self, q_values: Tensor, noise: Noise, progress: Progress) -> Tensor:
        """(B, actions) float32 to (B,) int32 actions."""
