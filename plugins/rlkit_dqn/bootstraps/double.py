"""Double Q-learning's target."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Tensor, component


@component
class DoubleBootstrap:
    """The online network chooses, the target network values: y = r + γ Q⁻(s', argmax_a' Q(s', a')).

    Less overestimation than the maximum (van Hasselt, Guez and Silver, 2016, "Deep Reinforcement Learning with
    Double Q-learning").
    """

    def next_policy(self, online: Tensor, target: Tensor) -> Tensor:
        """One-hot at the online network's greatest value."""
        return tf.one_hot(tf.argmax(online, axis=-1, output_type=tf.int32), online.shape[-1])
