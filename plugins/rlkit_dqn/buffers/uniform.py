"""Uniform replay."""

from __future__ import annotations

from typing import Literal

import tensorflow as tf

from rlkit import Noise, Progress, Tensor, component, parameter
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

    def build(self, environments: int) -> UniformBuffer:
        """Itself: it remembers nothing."""
        return self

    def added(self, slots: Tensor, count: Tensor) -> None:
        """Nothing to do: all that is stored is equally likely."""

    def select(self, size: int, stored: Tensor, noise: Noise, progress: Progress) -> tuple[Tensor, Tensor]:
        """See `Selection.select`; at least `size` rows must be stored."""
        return distinct_integers(size, stored, noise), tf.ones((size,))

    def update(self, slots: Tensor, priority: Tensor) -> None:
        """Nothing to do: surprise does not count."""
