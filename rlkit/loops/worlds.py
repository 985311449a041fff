"""Several environments at once, stepped in turn; each is reset by itself, with a seed of its own, when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.contracts.spaces import Spaces
from rlkit.experiment.experiment import Experiment
from rlkit.loops.world import World


class Outcomes(NamedTuple):
    """What one step of each of n environments gave; the arrays are overwritten by the next step."""

    next_observation: npt.NDArray[Any]
    """(n, *o), each episode's own next observation, never a new episode's first."""
    reward: npt.NDArray[np.float64]
    """(n,)."""
    terminated: npt.NDArray[np.bool_]
    """(n,)."""
    truncated: npt.NDArray[np.bool_]
    """(n,)."""


def world_of(experiment: Experiment, stream: str, *, index: int = 0, render: bool = False) -> World:
    """One environment of an experiment; `stream` is `environment` for training, `evaluation` for evaluation."""
    return World(
        experiment.environment.make(render=render),
        experiment.spaces,
        seed=experiment.seed,
        stream=stream,
        steps_per_episode=experiment.limits.steps_per_episode,
        index=index,
    )


class Worlds:
    """n worlds in one process: a Gymnasium vector environment would reset them without our seeds."""

    def __init__(self, worlds: Sequence[World], spaces: Spaces) -> None:
        count, space = len(worlds), spaces.observation
        self.worlds = tuple(worlds)
        self._outcomes = Outcomes(
            np.empty((count, *space.shape), space.dtype), np.empty(count), np.empty(count, bool), np.empty(count, bool)
        )

    @classmethod
    def of(cls, experiment: Experiment) -> Worlds:
        """Those in which an experiment trains."""
        worlds = [world_of(experiment, "environment", index=index) for index in range(experiment.spaces.environments)]
        return cls(worlds, experiment.spaces)

    def step(self, actions: npt.NDArray[Any]) -> Outcomes:
        """Take one action (n, *a) in each."""
        next_observation, reward, terminated, truncated = self._outcomes
        for index, world in enumerate(self.worlds):
            outcome = world.step(actions[index])
            next_observation[index], reward[index], terminated[index], truncated[index] = outcome
        return self._outcomes

    def close(self) -> None:
        """Close them all."""
        for world in self.worlds:
            world.close()
