"""Uniform replay."""

from __future__ import annotations

from typing import Literal

import tensorflow as tf

from rlkit import Added, Call, Selected, Storage, Stored, Surprise, component, parameter
from rlkit_dqn.buffers.distinct import distinct_integers


@component
class UniformBuffer:
    """The newest steps, each as likely as any other to be drawn, none twice in a sample.

    Experience replay (Lin, 1992; Mnih et al., 2015), sampled without replacement.
    """

    capacity: int = parameter(
        default=50_000,
        doc="steps kept; the oldest is overwritten first",
        at_least=1,
        source="reference notebook; Mnih et al., 2015 kept 1,000,000 frames",
    )
    storage: Literal["memory", "disk"] = parameter(
        default="memory",
        doc="where observations lie; disk maps them from a file in the run's folder, which is gone when the run ends",
    )

    def build(self, storage: Storage) -> UniformSelection:
        """See `Buffer.build`."""
        return UniformSelection(storage.sampling.size)


class UniformSelection:
    """Distinct slots; it remembers nothing."""

    def __init__(self, size: int) -> None:
        self.size = size

    def added(self, added: Added, call: Call) -> None:
        """Nothing to do: all that is stored is equally likely."""

    def select(self, stored: Stored, call: Call) -> Selected:
        """See `Selection.select`; at least `size` steps must be stored."""
        return Selected(distinct_integers(self.size, stored.count, call.noise), tf.ones((self.size,)))

    def update(self, surprise: Surprise, call: Call) -> None:
        """Nothing to do: surprise does not count."""
