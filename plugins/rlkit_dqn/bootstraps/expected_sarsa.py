"""The mean over what the exploring policy would do."""

from __future__ import annotations

from rlkit import Call, component
from rlkit_dqn.contracts.bootstrap import Backup, Estimates


@component
class ExpectedSarsa:
    """The mean over the exploring policy's actions: y = r + γ Σ_a' π(a'|s') Q⁻(s', a').

    π is the agent's own exploration, with its ε or temperature of now, by the online network's values: the policy that
    acts. So it learns what exploring is worth, mishaps included. Of an exploration it asks `probabilities`. Van Seijen
    et al. (2009), "A theoretical and empirical analysis of Expected Sarsa".
    """

    needs = ("next_exploring",)

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        """The exploring policy's probabilities."""
        return Backup(estimates.next_exploring)
