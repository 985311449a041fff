"""The maximum-entropy target."""

from __future__ import annotations

from rlkit import Call, Schedule, component, parameter
from rlkit_dqn.bootstraps.softmax import TEMPERATURE, softmax_policy, temperature_now
from rlkit_dqn.contracts.bootstrap import Backup, Estimates


@component
class SoftBootstrap:
    """The soft value of the next observation: y = r + γ τ log Σ_a' exp(Q⁻(s', a') / τ).

    It is the mean over π = softmax(Q⁻ / τ), plus τ times that policy's entropy. Haarnoja et al. (2017),
    "Reinforcement learning with deep energy-based policies"; for discrete actions.
    """

    temperature: float | Schedule = parameter(
        default=0.03, doc=TEMPERATURE, above=0, source="Vieillard et al., 2020, for munchausen"
    )

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        """The softmax policy of the target network's values, and −τ log π for each action."""
        temperature = temperature_now(self.temperature, call.progress)
        policy, logarithm = softmax_policy(estimates.next_target, estimates.next_allowed, temperature)
        return Backup(policy, next_bonus=-logarithm)
