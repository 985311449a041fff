"""No target network."""

from __future__ import annotations

from collections.abc import Sequence

from rlkit import Call, Variable, component


@component
class NoTargetNetwork:
    """Targets come from the online network itself: θ⁻ = θ before every learning step.

    The weights are copied after each learning step, so that no older ones are ever bootstrapped from, as in
    Mnih et al. (2013), "Playing Atari with Deep Reinforcement Learning".
    """

    def update(self, target: Sequence[Variable], online: Sequence[Variable], call: Call) -> None:
        """See `TargetUpdate.update`."""
        for behind, ahead in zip(target, online, strict=True):
            behind.assign(ahead)
