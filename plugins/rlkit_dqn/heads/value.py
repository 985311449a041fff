"""Plain action values."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Tensor, component
from rlkit_dqn.contracts.loss import Loss


@component
class ValueHead:
    """One output an action: its value.

    td_error = r + discount · Σ_a' π(a'|s') Q⁻(s', a') − Q(s, a), no gradient through the target
    (Watkins and Dayan, 1992; Mnih et al., 2015).
    """

    def units(self, actions: int) -> int:
        """One an action."""
        return actions

    def values(self, outputs: Tensor) -> Tensor:
        """The outputs themselves."""
        return outputs

    def losses(
        self,
        outputs: Tensor,
        action: Tensor,
        reward: Tensor,
        discount: Tensor,
        next_outputs: Tensor,
        next_policy: Tensor,
        loss: Loss,
    ) -> tuple[Tensor, Tensor]:
        """See `Head.losses`."""
        target = reward + discount * tf.reduce_sum(next_policy * next_outputs, axis=-1)
        # A product with one-hot rows, because gathering along two axes has no gradient in LiteRT.
        prediction = tf.reduce_sum(outputs * tf.one_hot(action, outputs.shape[-1]), axis=-1)
        td_error = tf.stop_gradient(target) - prediction
        return loss.value(td_error), td_error
