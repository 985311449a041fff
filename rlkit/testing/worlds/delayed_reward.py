"""A choice that pays later."""

from __future__ import annotations

from rlkit.testing.worlds.probe_world import KnownValues, ProbeWorld


class DelayedReward(ProbeWorld):
    """The first of two actions decides on a reward that comes `delay` steps later, whatever is done meanwhile.

    Q(start, a) = γ^delay · reward of a. Tests whether credit finds its way back.
    """

    def __init__(self, delay: int = 3, rewards: tuple[float, float] = (0.0, 1.0)) -> None:
        """`delay`: steps after the choice, at least 1; `rewards` by first action."""
        super().__init__(places=1 + 2 * delay, actions=2)
        self.delay, self.rewards = delay, rewards

    def move(self, action: int) -> tuple[int, float, bool, bool]:
        """Terminates with the reward. Place 1 + choice · delay + k waits for the k-th step after the choice."""
        if self.place == 0:
            return 1 + action * self.delay, 0.0, False, False
        choice, waited = divmod(self.place - 1, self.delay)
        if waited == self.delay - 1:
            return self.place, self.rewards[choice], True, False
        return self.place + 1, 0.0, False, False

    def known_values(self, gamma: float) -> KnownValues:
        """At the start, and at each place of the wait."""
        values: dict[int, tuple[float, ...]] = {
            0: (gamma**self.delay * self.rewards[0], gamma**self.delay * self.rewards[1])
        }
        for place in range(1, 1 + 2 * self.delay):
            choice, waited = divmod(place - 1, self.delay)
            value = gamma ** (self.delay - 1 - waited) * self.rewards[choice]
            values[place] = (value, value)
        return self.known(values)
