"""The worlds of an experiment: each is stepped and reset by itself, with seeds of its own."""

from __future__ import annotations

from collections.abc import Sequence

from rlkit.experiment.experiment import Experiment
from rlkit.worlds.world import World


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

    def __init__(self, worlds: Sequence[World]) -> None:
        self.worlds = tuple(worlds)

    @classmethod
    def of(cls, experiment: Experiment) -> Worlds:
        """Those in which an experiment trains."""
        return cls(
            [world_of(experiment, "environment", index=index) for index in range(experiment.spaces.environments)]
        )

    def close(self) -> None:
        """Close them all."""
        for world in self.worlds:
            world.close()
