"""When a study whose seeds come in batches is looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Looks:
    """When a study looks at its scores: after each batch of seeds."""

    seeds: tuple[int, ...]
    """All that it may come to, in their order."""
    batch: int

    @property
    def count(self) -> int:
        """Looks at most."""
        return -(-len(self.seeds) // self.batch)

    def batches(self) -> list[tuple[int, ...]]:
        """The seeds of each look."""
        return [self.seeds[start : start + self.batch] for start in range(0, len(self.seeds), self.batch)]
