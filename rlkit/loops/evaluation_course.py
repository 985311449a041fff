"""The course of an evaluation: how long it may go on, and how far it has come."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST_STEPS = 27_000
"""Of a greedy episode that neither its environment nor `limits.steps_per_episode` ends: what evaluations in Atari
commonly have, 108,000 frames at four an action (Hessel et al., 2018, Rainbow, table 4)."""


class EvaluationCourse:
    """What whoever asked for an evaluation has a say in, and can look at while it goes on."""

    def __init__(self, seconds: float | None = None, asked: Callable[[], bool] = lambda: False) -> None:
        """`seconds` from now on at most, None for any number; `asked` says whether somebody wants it to end."""
        self._seconds, self._asked, self._began = seconds, asked, time.perf_counter()
        self.episodes = 0
        """That are over."""
        self.of = 0
        """Episodes in all."""
        self.steps = 0
        """Of the episode that goes on."""
        self.cut = 0
        """Episodes that ended at `MOST_STEPS`."""
        self.late = False
        """It took all the seconds that it has."""

    def begin(self, episodes: int) -> None:
        """So many episodes are about to be played."""
        self.episodes, self.of, self.steps = 0, episodes, 0

    def follow(self, steps: int) -> bool:
        """The open episode has so many steps; whether the evaluation must end."""
        self.steps = steps
        self.late = self._seconds is not None and time.perf_counter() - self._began >= self._seconds
        return self.late or self._asked()

    def ended(self, *, cut: bool) -> None:
        """An episode is over; `cut`: at `MOST_STEPS`."""
        self.episodes, self.steps, self.cut = self.episodes + 1, 0, self.cut + cut

    @property
    def words(self) -> str:
        """For people who wait."""
        return f"greedy episode {min(self.episodes + 1, self.of)}/{self.of}  step {self.steps:,}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on what was cut."""
        told = []
        if self.cut:
            which = "a greedy episode was" if self.cut == 1 else f"{self.cut} greedy episodes were"
            told.append(
                f"{which} cut after {MOST_STEPS:,} steps, since neither the environment nor limits.steps_per_episode "
                "ends an episode"
            )
        if self.late:
            left = f"; the one that was open had {self.steps:,} steps and is not counted" if self.steps else ""
            told.append(
                f"evaluation ended after {self._seconds:.3g} s with {self.episodes} of {self.of} greedy episodes{left}"
            )
        return tuple(told)
