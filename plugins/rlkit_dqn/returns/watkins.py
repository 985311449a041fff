"""Watkins's Q(λ)."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, Schedule, component, parameter
from rlkit_dqn.contracts.returns import Following, Trace, of_action, value_of_action
from rlkit_dqn.returns.decay import TRACE_DECAY, decay_now


@component
class WatkinsReturns:
    """Follows the window as long as its actions are greedy, and bootstraps where one is not.

    G_t = r_t + γ [value_{t+1} + λ 1{a_{t+1} greedy} (G_{t+1} − Q⁻(s_{t+1}, a_{t+1}))]; greedy is an action to which the
    bootstrap gives the greatest share. Watkins (1989), "Learning from delayed rewards"; Sutton and Barto (2018),
    section 12.10. It learns of the greedy policy alone; where much is explored, traces are short. For a bootstrap that
    is greedy it is Retrace(λ) of Munos et al. (2016), too.
    """

    trace_decay: float | Schedule = parameter(
        default=1.0, doc=TRACE_DECAY, at_least=0, at_most=1, source="Munos et al., 2016 (Retrace)"
    )

    def trace(self, following: Following, call: Call) -> Trace:
        """λ where the action is greedy, in place of its value."""
        share = of_action(following.policy, following.action)
        greedy = tf.cast(share >= tf.reduce_max(following.policy, axis=-1), tf.float32)
        return Trace(greedy * decay_now(self.trace_decay, share, call), value_of_action(following))
