"""A full copy now and then."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from rlkit import Call, Tensor, Variable, component, parameter


@component
class HardUpdate:
    """The online weights are copied after every k-th learning step: θ⁻ ← θ (Mnih et al., 2015)."""

    every: int = parameter(
        default=100,
        doc="learning steps from copy to copy",
        at_least=1,
        source="the time constant of soft updates with tau 0.01; Mnih et al., 2015 (table 1) used 10,000",
    )

    def update(self, target: Sequence[Variable], online: Sequence[Variable], call: Call) -> None:
        """See `TargetUpdate.update`."""

        due = tf.cast(tf.equal(call.progress.update % self.every, 0), tf.int32)

        def copy(turn: Tensor) -> tuple[Tensor]:
            for behind, ahead in zip(target, online, strict=True):
                behind.assign(ahead)
            return (turn + 1,)

        # A loop of no turn or one: of a branch XLA makes a choice between both networks, weight by weight, every time.
        tf.while_loop(lambda turn: turn < due, copy, [tf.constant(0)])
