"""Tree backup."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, Schedule, component, parameter
from rlkit_dqn.contracts.returns import Following, Trace, of_action, value_of_action
from rlkit_dqn.returns.decay import TRACE_DECAY, decay_now


@component
class TreeBackupReturns:
    """Follows the window by as much as the bootstrap's policy would, and takes values for the other actions.

    G_t = r_t + γ [value_{t+1} + λ π(a_{t+1}|s_{t+1}) (G_{t+1} − Q⁻(s_{t+1}, a_{t+1}))]. Precup, Sutton and Singh
    (2000), "Eligibility traces for off-policy policy evaluation". For bootstraps whose policy is random (`soft`,
    `munchausen`, `expected_sarsa`); for a greedy one it is `watkins`.
    """

    trace_decay: float | Schedule = parameter(default=1.0, doc=TRACE_DECAY, at_least=0, at_most=1)

    def trace(self, following: Following, call: Call) -> Trace:
        """λ π(a|s), in place of the action's value."""
        # Where the greatest values are far apart a share may be above 1 by rounding.
        share = tf.clip_by_value(of_action(following.policy, following.action), 0.0, 1.0)
        return Trace(share * decay_now(self.trace_decay, share, call), value_of_action(following))
