"""Averaged-DQN's target."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, component, parameter
from rlkit_dqn.contracts.bootstrap import Backup, Estimates


@component
class AveragedBootstrap:
    """The greatest mean over the latest target networks: y = r + γ max_a' 1/K Σ_k Q⁻ₖ(s', a').

    Less spread of the targets than with one. Each target network follows the one before it: with the target update
    `hard` they are the last K copies of the online network, with `none` its weights after the last K learning steps.
    Anschel, Baram and Shimkin (2017), "Averaged-DQN: variance reduction and stabilization for deep reinforcement
    learning".
    """

    target_networks: int = parameter(default=10, doc="K, target networks", at_least=1, source="Anschel et al., 2017")

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        """One-hot at the greatest mean, and by how much the mean is above the first target network's values."""
        mean = tf.add_n(estimates.next_targets) / float(len(estimates.next_targets))
        policy = tf.one_hot(tf.argmax(mean, axis=-1, output_type=tf.int32), mean.shape[-1])
        return Backup(policy, next_bonus=mean - estimates.next_target)
