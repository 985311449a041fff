"""The greatest value of the target network."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Tensor, component


@component
class MaxBootstrap:
    """The action that the target network values most: y = r + γ max_a' Q⁻(s', a') (Mnih et al., 2015)."""

    def next_policy(self, online: Tensor, target: Tensor) -> Tensor:
        """One-hot at the target network's greatest value."""
        return tf.one_hot(tf.argmax(target, axis=-1, output_type=tf.int32), target.shape[-1])
