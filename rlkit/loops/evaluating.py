"""Evaluation: greedy episodes in an environment of their own, on random streams of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rlkit.contracts.data import Progress
from rlkit.loops.acting import Acting
from rlkit.programs.ready import ReadyPrograms
from rlkit.worlds.seen import SeenArrays
from rlkit.worlds.world import World

MOST_STEPS = 27_000
"""Of a greedy episode that neither its environment nor `limits.steps_per_episode` ends: what evaluations in Atari
commonly have, 108,000 frames at four an action (Hessel et al., 2018, Rainbow)."""


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


class Evaluated(NamedTuple):
    """Greedy episodes."""

    returns: tuple[float, ...]
    """Undiscounted, by episode."""
    lengths: tuple[int, ...]
    """Environment steps, by episode."""
    warnings: tuple[str, ...] = ()
    """Sentences on episodes that were cut, or not played."""


def evaluate(
    ready: ReadyPrograms,
    world: World,
    episodes: int,
    progress: Progress,
    watch: Callable[[World], None] | None = None,
    course: EvaluationCourse | None = None,
) -> Evaluated:
    """Run greedy episodes with the weights as they are; nothing is stored or learned.

    `progress` is what training had completed: components may look at it. `watch` is called after each reset and step.
    An episode that nothing else ends is cut at `MOST_STEPS`, and the `course` can end all of it; an episode that is
    open then does not count.

    Raises:
        EnvironmentFailure: if the environment raised or broke its contract.
        ActionFailure: if the agent chose an action that does not exist or is not allowed.
    """
    acting = Acting(ready, "act_greedy", "evaluation")
    spaces, now = ready.spaces._replace(environments=1), np.array(progress, np.int64)
    returns: list[float] = []
    lengths: list[int] = []
    steps = 0
    world.decider = ready.deciders.act_greedy
    course = course or EvaluationCourse()
    course.begin(episodes)
    for _ in range(episodes):
        seen = SeenArrays(spaces)
        seen.begin(0, world.reset(), world.allowed)
        memory, episode_return, over, cut = acting.start, 0.0, False, False
        if watch is not None:
            watch(world)
        while not over and not cut:
            action, memory, _ = acting(seen.inputs, memory, now, steps)
            observation, reward, terminated, truncated = world.step(action[0])
            seen.follow(0, action[0], reward, observation, world.allowed)
            over, steps = terminated or truncated, steps + 1
            episode_return += reward
            if watch is not None:
                watch(world)
            cut = not over and world.limit is None and world.length >= MOST_STEPS
            if course.follow(world.length) and not over:
                return Evaluated(tuple(returns), tuple(lengths), course.warnings)
        course.ended(cut=cut)
        returns.append(episode_return)
        lengths.append(world.length)
    return Evaluated(tuple(returns), tuple(lengths), course.warnings)
