"""A short training run of an agent, without an experiment file or a run folder."""

from __future__ import annotations

from typing import Any, NamedTuple

import gymnasium

from rlkit.catalogue.discovery import discover
from rlkit.contracts.agent import Agent
from rlkit.contracts.environment import forbids_actions
from rlkit.contracts.events import MetricsLogged
from rlkit.contracts.spaces import Spaces
from rlkit.experiment.experiment import Limits
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.loops.training import Episode
from rlkit.programs.making import make
from rlkit.programs.ready import ReadyPrograms
from rlkit.programs.verifying.when import Verify, always
from rlkit.replay.of_experiment import buffer_for
from rlkit.worlds.world import World
from rlkit.worlds.worlds import Worlds


class Trained(NamedTuple):
    """What came of a run."""

    episodes: tuple[Episode, ...]
    metrics: tuple[MetricsLogged, ...]
    """Of every learning step."""


def prepare(
    agent: Agent,
    environment: gymnasium.Env[Any, Any],
    *,
    environments: int = 1,
    seed: int = 0,
    verify: Verify = always,
) -> ReadyPrograms:
    """Make an agent ready for so many of an environment, on the backends that a run would choose.

    `verify` is that of `rlkit.programs.making.make`.

    Raises:
        LookupError: if the agent has no part of the kind buffer, nor rollouts.
    """
    spaces = Spaces.of(environment, environments)
    if forbids_actions(environment):
        spaces = spaces.masked()
    buffer = buffer_for(agent, spaces, discover())
    if buffer is None:
        raise LookupError(f"{type(agent).__name__} has no part of the kind buffer, so no loop can hand it rows")
    return make(agent, buffer, spaces, seed, verify=verify)


def train(ready: ReadyPrograms, *environments: gymnasium.Env[Any, Any], steps: int) -> Trained:
    """Train in the stepwise loop, from step 0, with the variables as they are, in as many as it was made ready for.

    Raises:
        EnvironmentFailure, ActionFailure, LearningDiverged: as a run does.
    """
    worlds = [
        World(made, ready.spaces, seed=ready.seed, stream="environment", steps_per_episode=None, index=index)
        for index, made in enumerate(environments)
    ]
    loop = StepwiseLoop(ready, Worlds(worlds), Limits(steps=steps), metrics_interval=1)
    episodes = tuple(happened for happened in loop.train() if isinstance(happened, Episode))
    return Trained(episodes, tuple(loop.metrics))


def learner_of(ready: ReadyPrograms) -> Any:
    """The working agent, with what was learned in its own variables, for a look into it."""
    values = ready.acting.backend.read()
    for name, variable in ready.shapes.program.variables.items():
        variable.assign(values[name])
    return ready.learner
