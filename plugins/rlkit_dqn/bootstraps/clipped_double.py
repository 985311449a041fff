"""The least value of two networks."""

from __future__ import annotations

from functools import reduce

import tensorflow as tf

from rlkit import Call, component, parameter
from rlkit_dqn.contracts.bootstrap import Backup, Estimates


@component
class ClippedDouble:
    """Clipped double Q-learning: y = r + γ min_i Q⁻ᵢ(s', argmax_a' Q₁(s', a')).

    Two networks, drawn apart, learn the same targets; the first acts. It errs low, where `max` errs high. Fujimoto, van
    Hoof and Meger (2018), "Addressing function approximation error in actor-critic methods" (TD3), with the greedy
    action of the first online network in the place of their actor's.
    """

    networks: int = parameter(
        default=2, doc="online networks, each with its target network", at_least=2, source="Fujimoto et al., 2018"
    )

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        """One-hot at the first online network's greatest value, and by how much the least is below the first."""
        policy = tf.one_hot(tf.argmax(estimates.next_online, axis=-1, output_type=tf.int32), estimates.online.shape[-1])
        return Backup(policy, next_bonus=reduce(tf.minimum, estimates.next_targets) - estimates.next_target)
