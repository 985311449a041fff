"""The task of the compiled loop: a compiled environment, its episodes keyed and limited."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.tensor import Tensor
from rlkit.noise.in_graph import graph_noise
from rlkit.programs.calling import Call
from rlkit.programs.environment_program import environment_program
from rlkit.programs.program import Outputs
from rlkit.replay.columns import ALLOWED

Leaves = tuple[Tensor, ...]


class Moment(NamedTuple):
    """A state, and what the agent sees of it."""

    state: Leaves
    observation: Tensor
    """(1, *o)."""
    allowed: Leaves
    """(1, n) bool; nothing without a mask."""


class Taken(NamedTuple):
    """What one step of the task gave."""

    after: Moment
    """The episode's own next state."""
    reward: Tensor
    """() float32."""
    terminated: Tensor
    """() bool."""
    truncated: Tensor
    """() bool: by the environment, by its own limit, or by the experiment's `steps_per_episode`."""


class Task:
    """Episodes of a compiled environment, each a pure function of its key and the actions."""

    def __init__(self, environment: CompiledEnvironment, steps_per_episode: int | None, call: Call) -> None:
        """`steps_per_episode` truncates longer episodes. Raises as `environment_program` does."""
        self.program, self._call = environment_program(environment), call
        self._limit, self._cut = environment.episode_limit, steps_per_episode
        self.blank: Leaves = tuple(tf.zeros(spec.shape, spec.dtype) for spec in tf.nest.flatten(self.program.state))
        """Leaves of the shapes and dtypes of a state."""

    @property
    def limit(self) -> int | None:
        """Steps after which an episode is truncated, by the environment or the experiment; None for no limit."""
        return self._limit if self._cut is None else self._cut

    def reset(self, key: Tensor) -> Moment:
        """The start of the episode whose noise has this key, an int64 scalar."""
        return self._moment(self._call(self.program.reset, **graph_noise(self.program.reset.noise, key, 0)))

    def seen(self, state: Leaves) -> Moment:
        """A state that was left, as it is seen."""
        named = self._named(state)
        return self._moment({**named, **self._call(self.program.observe, **named)})

    def step(self, state: Leaves, action: Tensor, key: Tensor, length: Tensor) -> Taken:
        """Take the episode's step number `length`, from 1."""
        noise = graph_noise(self.program.step.noise, key, length)
        found = self._call(self.program.step, action=action, **self._named(state), **noise)
        terminated, truncated = found["terminated"], found["truncated"]
        if self._limit is not None:
            truncated |= length >= self._limit
        if self._cut is not None:
            truncated |= ~terminated & (length >= self._cut)
        return Taken(self._moment(found), found["reward"], terminated, truncated)

    def _named(self, state: Leaves) -> Outputs:
        return dict(zip(self.program.parts, state, strict=True))

    def _moment(self, found: Outputs) -> Moment:
        state = tuple(found[name] for name in self.program.parts)
        return Moment(state, found["observation"][None], (found[ALLOWED][None],) if ALLOWED in found else ())
