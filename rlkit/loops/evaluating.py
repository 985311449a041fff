"""Evaluation: greedy episodes in an environment of their own, on random streams of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rlkit.loops.acting import Acting
from rlkit.programs.ready import ReadyPrograms
from rlkit.worlds.world import World


class Evaluated(NamedTuple):
    """Greedy episodes."""

    returns: tuple[float, ...]
    """Undiscounted, by episode."""
    lengths: tuple[int, ...]
    """Environment steps, by episode."""


def evaluate(
    prepared: ReadyPrograms,
    world: World,
    episodes: int,
    progress: tuple[int, int, int],
    watch: Callable[[World], None] | None = None,
) -> Evaluated:
    """Run greedy episodes with the weights as they are; nothing is stored or learned.

    `progress` is what training had completed: components may look at it. `watch` is called after each reset and step.

    Raises:
        EnvironmentFailure: if the environment raised or broke its contract.
    """
    acting = Acting(prepared, "act_greedy", "evaluation")
    space, now = prepared.spaces.observation, np.array(progress, np.int64)
    observation, first = np.empty((1, *space.shape), space.dtype), np.ones(1, bool)
    returns, lengths, steps = [], [], 0
    for _ in range(episodes):
        observation[0], first[0], memory = world.reset(), True, acting.start
        episode_return, over = 0.0, False
        if watch is not None:
            watch(world)
        while not over:
            action, memory, _ = acting(observation, first, memory, now, steps)
            observation[0], reward, terminated, truncated = world.step(action[0])
            first[0], over, steps = False, terminated or truncated, steps + 1
            episode_return += reward
            if watch is not None:
                watch(world)
        returns.append(episode_return)
        lengths.append(world.length)
    return Evaluated(tuple(returns), tuple(lengths))
