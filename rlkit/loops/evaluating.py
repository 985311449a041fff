"""Evaluation: greedy episodes in an environment of their own, on random streams of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rlkit.contracts.data import Progress
from rlkit.loops.acting import Acting
from rlkit.programs.ready import ReadyPrograms
from rlkit.worlds.seen import SeenArrays
from rlkit.worlds.world import World


class Evaluated(NamedTuple):
    """Greedy episodes."""

    returns: tuple[float, ...]
    """Undiscounted, by episode."""
    lengths: tuple[int, ...]
    """Environment steps, by episode."""


def evaluate(
    ready: ReadyPrograms,
    world: World,
    episodes: int,
    progress: Progress,
    watch: Callable[[World], None] | None = None,
) -> Evaluated:
    """Run greedy episodes with the weights as they are; nothing is stored or learned.

    `progress` is what training had completed: components may look at it. `watch` is called after each reset and step.

    Raises:
        EnvironmentFailure: if the environment raised or broke its contract.
        ActionFailure: if the agent chose an action that does not exist or is not allowed.
    """
    acting = Acting(ready, "act_greedy", "evaluation")
    seen, now = SeenArrays(ready.spaces._replace(environments=1)), np.array(progress, np.int64)
    returns, lengths, steps = [], [], 0
    world.decider = ready.deciders.act_greedy
    for _ in range(episodes):
        seen.begin(0, world.reset(), world.allowed)
        memory, episode_return, over = acting.start, 0.0, False
        if watch is not None:
            watch(world)
        while not over:
            action, memory, _ = acting(seen.inputs, memory, now, steps)
            observation, reward, terminated, truncated = world.step(action[0])
            seen.follow(0, action[0], reward, observation, world.allowed)
            over, steps = terminated or truncated, steps + 1
            episode_return += reward
            if watch is not None:
                watch(world)
        returns.append(episode_return)
        lengths.append(world.length)
    return Evaluated(tuple(returns), tuple(lengths))
