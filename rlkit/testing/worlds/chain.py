"""A short way to go."""

from __future__ import annotations

from rlkit.testing.worlds.probe_world import KnownValues, ProbeWorld


class Chain(ProbeWorld):
    """Places in a row. Action 1 goes right, action 0 back left; right of the last place lie reward 1 and the end.

    The best value of place i of n is γ^(n − 1 − i). Tests discounting and bootstrapping from place to place.
    """

    def __init__(self, length: int = 4) -> None:
        """`length`: the number of places."""
        super().__init__(places=length, actions=2)
        self.length = length

    def move(self, action: int) -> tuple[int, float, bool, bool]:
        """Terminates at the right end."""
        if action == 0:
            return max(self.place - 1, 0), 0.0, False, False
        if self.place == self.length - 1:
            return self.place, 1.0, True, False
        return self.place + 1, 0.0, False, False

    def known_values(self, gamma: float) -> KnownValues:
        """Left: γ times the value of the place to the left."""
        best = [gamma ** (self.length - 1 - place) for place in range(self.length)]
        return self.known({place: (gamma * best[max(place - 1, 0)], best[place]) for place in range(self.length)})
