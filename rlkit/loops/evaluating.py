"""Evaluation: greedy episodes in an environment of their own, on random streams of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rlkit.contracts.data import Progress
from rlkit.loops.acting import Acting
from rlkit.loops.evaluation_course import MOST_STEPS, EvaluationCourse
from rlkit.programs.ready import ReadyPrograms
from rlkit.worlds.seen import SeenArrays
from rlkit.worlds.world import World


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
    seen, now = SeenArrays(ready.spaces._replace(environments=1)), np.array(progress, np.int64)
    returns: list[float] = []
    lengths: list[int] = []
    steps = 0
    world.decider = ready.deciders.act_greedy
    course = course or EvaluationCourse()
    course.begin(episodes)
    for _ in range(episodes):
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
