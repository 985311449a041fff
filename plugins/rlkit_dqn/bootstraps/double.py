"""Double Q-learning's target."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, component
from rlkit_dqn.contracts.bootstrap import Backup, Estimates


@component
class DoubleBootstrap:
    """The online network chooses, the target network values: y = r + γ Q⁻(s', argmax_a' Q(s', a')).

    Less overestimation than the maximum (van Hasselt, Guez and Silver, 2016, "Deep Reinforcement Learning with
    Double Q-learning").
    """

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        """One-hot at the online network's greatest value."""
        values = estimates.next_online
        return Backup(tf.one_hot(tf.argmax(values, axis=-1, output_type=tf.int32), values.shape[-1]))
