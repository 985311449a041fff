"""Several environments at once, stepped in turn; each is reset by itself, with a seed of its own, when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.experiment.experiment import Experiment
from rlkit.worlds.world import World


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
    allowed: npt.NDArray[np.bool_] | None
    """(n, actions), those that may be taken next; None without a mask."""
    episode_step: list[int]
    """By environment: the index of this step within its episode, from 0."""
    ended: list[int]
    """The environments whose episode this step ended."""


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
        self._next_observation, self._reward = np.empty((count, *space.shape), space.dtype), np.empty(count)
        self._terminated, self._truncated = np.empty(count, bool), np.empty(count, bool)
        self._allowed: npt.NDArray[np.bool_] | None = None
        if isinstance(spaces.action, Discrete) and spaces.action.masked:
            self._allowed = np.ones((count, spaces.action.n), bool)
        self._episode_step = [0] * count
        self.returns = [0.0] * count
        """Sum of rewards of each episode that is open, or has just ended."""

    def reset(self, index: int) -> npt.NDArray[Any]:
        """Begin the next episode of one environment; returns its first observation (*o)."""
        self.returns[index] = 0.0
        return self.worlds[index].reset()

    @classmethod
    def of(cls, experiment: Experiment) -> Worlds:
        """Those in which an experiment trains."""
        worlds = [world_of(experiment, "environment", index=index) for index in range(experiment.spaces.environments)]
        return cls(worlds, experiment.spaces)

    def step(self, actions: npt.NDArray[Any]) -> Outcomes:
        """Take one action (n, *a) in each."""
        # Plain numbers for what is counted: with one environment NumPy's overhead would be a quarter of a step.
        ended = []
        for index, world in enumerate(self.worlds):
            next_observation, reward, terminated, truncated = world.step(actions[index])
            self._next_observation[index], self._reward[index] = next_observation, reward
            self._terminated[index], self._truncated[index] = terminated, truncated
            if self._allowed is not None:
                self._allowed[index] = world.allowed
            self._episode_step[index] = world.length - 1
            self.returns[index] += reward
            if terminated or truncated:
                ended.append(index)
        return Outcomes(
            self._next_observation,
            self._reward,
            self._terminated,
            self._truncated,
            self._allowed,
            self._episode_step,
            ended,
        )

    def close(self) -> None:
        """Close them all."""
        for world in self.worlds:
            world.close()
