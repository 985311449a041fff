"""Munchausen's target: rewarded for being sure."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, Schedule, component, parameter, value_of
from rlkit_dqn.bootstraps.softmax import TEMPERATURE, softmax_policy, temperature_now
from rlkit_dqn.contracts.bootstrap import Backup, Estimates

_SOURCE = "Vieillard et al., 2020"


@component
class MunchausenBootstrap:
    """The soft value, and a bonus on the reward for an action that the policy takes for likely.

    y = r + α [τ log π(a|s)] + γ Σ_a' π(a'|s') (Q⁻(s', a') − τ log π(a'|s')), where π = softmax(Q⁻ / τ) and [·] clips
    to l0 … 0. With n-step returns the bonus is that of the row's first action. With alpha 0 it is the bootstrap `soft`.
    Vieillard, Pietquin and Geist (2020), "Munchausen reinforcement learning".
    """

    alpha: float | Schedule = parameter(
        default=0.9, doc="weight of the bonus on the reward", at_least=0, at_most=1, source=_SOURCE
    )
    temperature: float | Schedule = parameter(default=0.03, doc=TEMPERATURE, above=0, source=_SOURCE)
    l0: float = parameter(default=-1.0, doc="the least that τ log π(a|s) counts as", at_most=0, source=_SOURCE)

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        """Everything from the target network's values, at the observation and at the next one."""
        temperature = temperature_now(self.temperature, call.progress)
        policy, next_logarithm = softmax_policy(estimates.next_target, estimates.next_allowed, temperature)
        _, logarithm = softmax_policy(estimates.target, estimates.allowed, temperature)
        taken = tf.reduce_sum(logarithm * tf.one_hot(estimates.action, logarithm.shape[-1]), axis=-1)
        bonus = value_of(self.alpha, call.progress) * tf.clip_by_value(taken, self.l0, 0.0)
        return Backup(policy, bonus, -next_logarithm)
