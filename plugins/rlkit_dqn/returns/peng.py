"""Peng's Q(λ)."""

from __future__ import annotations

from rlkit import Call, Schedule, component, parameter
from rlkit_dqn.contracts.returns import Following, Trace
from rlkit_dqn.returns.decay import TRACE_DECAY, decay_now


@component
class PengReturns:
    """A mean of 1-, 2-, … n-step returns, weighted by powers of λ, whatever the actions of the window.

    G_t = r_t + γ [(1 − λ) value_{t+1} + λ G_{t+1}]. Peng and Williams (1994), "Incremental multi-step Q-learning". The
    quickest to carry rewards back; what it learns is worth something between the policy that acted and the greedy one.
    """

    trace_decay: float | Schedule = parameter(
        default=0.65, doc=TRACE_DECAY, at_least=0, at_most=1, source="Gallici et al., 2024 (PQN, Atari)"
    )

    def trace(self, following: Following, call: Call) -> Trace:
        """λ, in place of what would be bootstrapped."""
        return Trace(decay_now(self.trace_decay, following.value, call), following.value)
