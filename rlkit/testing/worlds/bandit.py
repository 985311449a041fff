"""One step, one choice."""

from __future__ import annotations

from rlkit.testing.worlds.probe_world import KnownValues, ProbeWorld


class Bandit(ProbeWorld):
    """Each action pays its own reward and ends the episode: Q(a) = reward of a. Tests reward and termination."""

    def __init__(self, rewards: tuple[float, ...] = (0.0, 1.0, -0.5)) -> None:
        """`rewards` by action."""
        super().__init__(places=1, actions=len(rewards))
        self.rewards = rewards

    def move(self, action: int) -> tuple[int, float, bool, bool]:
        """Terminates."""
        return 0, self.rewards[action], True, False

    def known_values(self, gamma: float) -> KnownValues:
        """The rewards."""
        return self.known({0: self.rewards})
