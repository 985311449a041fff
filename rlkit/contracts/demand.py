"""What an agent asks of the loop, as plain data: which rows it learns from, and when."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Sampling(NamedTuple):
    """Which rows an agent learns from at each learning step."""

    size: int
    """Rows in a sample. With `order="rollout"` there is a row for each environment, and this must be 0."""
    length: int = 1
    """Consecutive steps in a row: 1; n for n-step returns; T for sequences and rollouts."""
    before: int = 0
    """Further steps in front of those, to warm up a memory (burn-in)."""
    across_ends: bool = False
    """Rows go on over the ends of episodes; by default steps of another episode are not valid."""
    order: Literal["any", "rollout"] = "any"
    """`any`: rows that the buffer selects, their order means nothing. `rollout`: the newest `length` steps of every
    environment, row e being environment e; the agent needs no buffer."""

    @classmethod
    def rollout(cls, length: int) -> Sampling:
        """The newest `length` steps of every environment, in order, whatever episodes they belong to."""
        return cls(0, length, across_ends=True, order="rollout")


class Due(NamedTuple):
    """When an agent learns: `times` learning steps at every `every`-th tick of a clock."""

    every: int
    clock: Literal["step", "episode_step", "time", "episode_end"] = "step"
    """`step`: environment steps, over all environments. `episode_step`: steps of an episode, its first included, for
    each environment by itself. `time`: steps of each environment, counted once for all of them. `episode_end`:
    episodes that have ended."""
    first: int = 1
    """Steps that must be stored before learning begins, at least as many as a sample has rows; a rollout is whole in
    any case."""
    times: int = 1
    """Learning steps each time."""
