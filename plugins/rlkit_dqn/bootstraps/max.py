"""The greatest value of the target network."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, component
from rlkit_dqn.contracts.bootstrap import Backup, Estimates


@component
class MaxBootstrap:
    """The action that the target network values most: y = r + γ max_a' Q⁻(s', a') (Mnih et al., 2015)."""

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        """One-hot at the target network's greatest value."""
        values = estimates.next_target
        return Backup(tf.one_hot(tf.argmax(values, axis=-1, output_type=tf.int32), values.shape[-1]))
