"""Rollouts: the newest steps of every environment, in order. No TensorFlow until it is at work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rlkit.contracts.buffer import Added, Selected, Storage, Stored, Surprise
from rlkit.contracts.data import Call


@dataclass(frozen=True)
class RolloutBuffer:
    """The core's own buffer, for agents whose sampling has the order `rollout`: as large as a rollout."""

    capacity: int
    storage: Literal["memory", "disk"] = "memory"

    def build(self, storage: Storage) -> RolloutSelection:
        """See `Buffer.build`."""
        return RolloutSelection(storage.environments)


class RolloutSelection:
    """Each environment's oldest slot: the rollout begins there."""

    def __init__(self, environments: int) -> None:
        self.environments = environments

    def added(self, added: Added, call: Call) -> None:
        """Nothing to do."""

    def select(self, stored: Stored, call: Call) -> Selected:
        """See `Selection.select`; the ring is full when it is asked."""
        import tensorflow as tf

        slots = stored.next_slot + tf.range(self.environments, dtype=tf.int64)
        return Selected(slots, tf.ones((self.environments,)))

    def update(self, surprise: Surprise, call: Call) -> None:
        """Nothing to do."""
