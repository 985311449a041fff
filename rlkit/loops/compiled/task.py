"""The task of the compiled loop: n of a compiled environment, their episodes keyed and limited."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.noise.in_graph import graph_noise, graph_noise_each
from rlkit.programs.calling import Call, eagerly
from rlkit.programs.environment_program import EnvironmentProgram
from rlkit.programs.program import GraphFunction, Outputs
from rlkit.replay.columns import ALLOWED

Leaves = tuple[Tensor, ...]


class Moment(NamedTuple):
    """The states of B environments, and what the agent sees of them."""

    state: Leaves
    """(B, …) each."""
    observation: Tensor
    """(B, *o)."""
    allowed: Leaves
    """(B, n) bool; nothing without a mask."""


class Taken(NamedTuple):
    """What one step of the task gave."""

    after: Moment
    """The episodes' own next states."""
    reward: Tensor
    """(B,) float32."""
    terminated: Tensor
    """(B,) bool."""
    truncated: Tensor
    """(B,) bool: by the environment, by its own limit, or by the experiment's `steps_per_episode`."""


class Task:
    """Episodes of B environments, each a pure function of its key and the actions."""

    def __init__(
        self,
        program: EnvironmentProgram,
        call: Call,
        episode_limit: int | None,
        steps_per_episode: int | None,
        *,
        environments: int = 1,
    ) -> None:
        """Limits: the environment's own, and the experiment's, each of them truncates longer episodes."""
        self.program, self.environments, self._call = program, environments, call
        self._limit, self._cut = episode_limit, steps_per_episode
        self.blank: Leaves = tuple(
            tf.zeros((environments, *spec.shape), spec.dtype) for spec in tf.nest.flatten(program.state)
        )
        """Leaves of the shapes and dtypes of a state."""

    @property
    def limit(self) -> int | None:
        """Steps after which an episode is truncated, by the environment or the experiment; None for no limit."""
        return self._limit if self._cut is None else self._cut

    def reset(self, keys: Tensor) -> Moment:
        """The start of the episodes whose noise has these keys, (B,) int64."""
        calls = tf.zeros((self.environments,), tf.int64)
        return self._moment(self._each(self.program.reset, self._noise(self.program.reset, keys, calls)))

    def seen(self, state: Leaves) -> Moment:
        """States that were left, as they are seen."""
        named = self._named(state)
        return self._moment({**named, **self._each(self.program.observe, named)})

    def step(self, state: Leaves, action: Tensor, keys: Tensor, length: Tensor) -> Taken:
        """Take the episodes' steps number `length` (B,), from 1, by actions (B, *a)."""
        noise = self._noise(self.program.step, keys, length)
        found = self._each(self.program.step, {"action": action, **self._named(state), **noise})
        terminated, truncated = found["terminated"], found["truncated"]
        if self._limit is not None:
            truncated |= length >= self._limit
        if self._cut is not None:
            truncated |= ~terminated & (length >= self._cut)
        return Taken(self._moment(found), found["reward"], terminated, truncated)

    def _noise(self, function: GraphFunction, keys: Tensor, calls: Tensor) -> Outputs:
        if self.environments > 1:
            return graph_noise_each(function.noise, keys, calls)
        return {name: drawn[None] for name, drawn in graph_noise(function.noise, keys[0], calls[0]).items()}

    def _each(self, function: GraphFunction, inputs: Outputs) -> Outputs:
        """A function of one environment, of all of them: inputs and outputs have a leading axis."""
        if self.environments > 1 and inputs and self._call is not eagerly:
            found: Outputs = tf.vectorized_map(lambda one: self._call(function, **one), inputs)
            return found
        alone = [
            self._call(function, **{name: value[place] for name, value in inputs.items()})
            for place in range(self.environments)
        ]
        return {name: tf.stack([one[name] for one in alone]) for name in alone[0]}

    def _named(self, state: Leaves) -> Outputs:
        return dict(zip(self.program.parts, state, strict=True))

    def _moment(self, found: Outputs) -> Moment:
        state = tuple(found[name] for name in self.program.parts)
        return Moment(state, found["observation"], (found[ALLOWED],) if ALLOWED in found else ())
