"""A short training run of an agent, without an experiment file or a run folder."""

from __future__ import annotations

from typing import Any, NamedTuple

import gymnasium

from rlkit.catalogue.discovery import discover
from rlkit.contracts.agent import Agent
from rlkit.contracts.buffer import Buffer
from rlkit.contracts.events import MetricsLogged
from rlkit.contracts.spaces import Spaces
from rlkit.experiment.experiment import Limits
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.loops.training import Episode
from rlkit.programs.making import assemble
from rlkit.programs.ready import ReadyPrograms
from rlkit.replay.of_experiment import buffer_in
from rlkit.worlds.world import World
from rlkit.worlds.worlds import Worlds


class Trained(NamedTuple):
    """What came of a run."""

    episodes: tuple[Episode, ...]
    metrics: tuple[MetricsLogged, ...]
    """Of every learning step."""


def prepare(agent: Agent, environment: gymnasium.Env[Any, Any], *, seed: int = 0) -> ReadyPrograms:
    """Make an agent ready for an environment, on the backends that a run would choose.

    Raises:
        LookupError: if the agent has no part of the kind buffer.
    """
    return assemble(agent, buffer_of(agent), Spaces.of(environment), seed)


def train(prepared: ReadyPrograms, environment: gymnasium.Env[Any, Any], *, steps: int) -> Trained:
    """Train in the stepwise loop, from step 0, with the variables as they are.

    Raises:
        EnvironmentFailure, LearningDiverged: as a run does.
    """
    world = World(environment, prepared.spaces, seed=prepared.seed, stream="environment", steps_per_episode=None)
    loop = StepwiseLoop(prepared, Worlds([world], prepared.spaces), Limits(steps=steps), metrics_interval=1)
    episodes = tuple(happened for happened in loop.train() if isinstance(happened, Episode))
    return Trained(episodes, tuple(loop.metrics))


def learner_of(prepared: ReadyPrograms) -> Any:
    """The working agent, with what was learned in its own variables, for a look into it."""
    assert prepared.made is not None
    values = prepared.acting.backend.read()
    for name, variable in prepared.made.learner_program.variables.items():
        variable.assign(values[name])
    return prepared.made.learner


def buffer_of(agent: Agent) -> Buffer:
    """The agent's field whose kind is buffer. Raises LookupError if there is none."""
    buffer = buffer_in(agent, discover())
    if buffer is not None:
        return buffer
    raise LookupError(f"{type(agent).__name__} has no part of the kind buffer, so no loop can hand it rows")
