"""Polyak averaging."""

from __future__ import annotations

from collections.abc import Sequence

from rlkit import Call, Schedule, Variable, component, parameter, value_of


@component
class SoftUpdate:
    """A small share of the online weights is mixed in after every learning step: θ⁻ ← τ θ + (1 − τ) θ⁻.

    Lillicrap et al. (2015), "Continuous control with deep reinforcement learning" (DDPG).
    """

    tau: float | Schedule = parameter(
        default=0.01,
        doc="share of the online weights taken at each learning step",
        above=0,
        at_most=1,
        source="reference notebook; DDPG (Lillicrap et al., 2015) used 0.001",
    )

    def update(self, target: Sequence[Variable], online: Sequence[Variable], call: Call) -> None:
        """See `TargetUpdate.update`."""
        tau = self.tau if isinstance(self.tau, (int, float)) else value_of(self.tau, call.progress)
        for behind, ahead in zip(target, online, strict=True):
            behind.assign(tau * ahead + (1.0 - tau) * behind)
