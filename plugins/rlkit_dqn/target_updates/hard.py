"""A full copy now and then."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from rlkit import Progress, Variable, component, parameter


@component
class HardUpdate:
    """The online weights are copied after every k-th learning step: θ⁻ ← θ (Mnih et al., 2015)."""

    every: int = parameter(
        default=100,
        doc="learning steps from copy to copy",
        at_least=1,
        source="the time constant of soft updates with tau 0.01; Mnih et al., 2015 (table 1) used 10,000",
    )

    def update(self, target: Sequence[Variable], online: Sequence[Variable], progress: Progress) -> None:
        """See `TargetUpdate.update`."""

        def copy() -> bool:
            for behind, ahead in zip(target, online, strict=True):
                behind.assign(ahead)
            return True

        tf.cond(tf.equal(progress.update % self.every, 0), copy, lambda: False)
