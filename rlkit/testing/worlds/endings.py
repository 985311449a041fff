"""Terminated or truncated."""

from __future__ import annotations

from rlkit.testing.worlds.probe_world import KnownValues, ProbeWorld


class Endings(ProbeWorld):
    """Episodes of one step and reward 1, begun at one of two places by chance.

    At place 0 the episode is truncated: what would follow is more of the same, so that its value is 1 / (1 − γ).
    At place 1 it terminates: nothing follows, and its value is 1. An agent that takes a truncation for a
    termination finds 1 at both (Pardo et al., 2018, "Time limits in reinforcement learning").
    """

    def __init__(self) -> None:
        super().__init__(places=2, actions=2)

    def start(self) -> int:
        """Either place, by the seed of the reset."""
        return int(self.np_random.integers(2))

    def move(self, action: int) -> tuple[int, float, bool, bool]:
        """Stays, and ends the episode."""
        return self.place, 1.0, self.place == 1, self.place == 0

    def known_values(self, gamma: float) -> KnownValues:
        """Alike for both actions."""
        endless = 1.0 / (1.0 - gamma)
        return self.known({0: (endless, endless), 1: (1.0, 1.0)})
