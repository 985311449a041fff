"""The task of the compiled loop: a compiled environment, its episodes keyed and limited."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.contracts.tensor import Nest, Tensor
from rlkit.noise.in_graph import graph_noise
from rlkit.noise.traced import TracedNoise
from rlkit.programs.calling import Call
from rlkit.programs.program import GraphFunction, Outputs, with_noise
from rlkit.programs.state import audit

Leaves = tuple[Tensor, ...]
_STATE = "state_"


class Taken(NamedTuple):
    """What one step of the task gave."""

    state: Leaves
    observation: Tensor
    """(1, *o), the episode's own next observation."""
    reward: Tensor
    """() float32."""
    terminated: Tensor
    """() bool."""
    truncated: Tensor
    """() bool: by the environment, by its own limit, or by the experiment's `steps_per_episode`."""


class Task:
    """Reset and step of a compiled environment as graph functions over the leaves of its state."""

    def __init__(
        self, environment: CompiledEnvironment, spaces: Spaces, steps_per_episode: int | None, call: Call
    ) -> None:
        """`steps_per_episode` truncates longer episodes.

        Raises:
            UnreachableStateError: if the environment keeps something in a variable.
            ValueError, TypeError: from TensorFlow, if what it returns is not of the shapes and dtypes that it says.
        """
        self._environment, self._spaces, self._call = environment, spaces, call
        self._limit, self._cut = environment.episode_limit, steps_per_episode
        self._structure: Nest = None
        self._specs: list[tf.TensorSpec] = []
        self.reset_function = with_noise("reset", self._reset, ())
        self.observe_function = GraphFunction("observe", self._observed, self._state_specs())
        self.step_function = self._traced_step()
        for function in self.functions:
            audit(f"the environment's {function.name}", function.traced.graph.variables, {})
        self.blank: Leaves = tuple(tf.zeros(spec.shape, spec.dtype) for spec in self._specs)
        """Leaves of the shapes and dtypes of a state."""

    @property
    def functions(self) -> tuple[GraphFunction, ...]:
        """All graph functions of the environment."""
        return self.reset_function, self.observe_function, self.step_function

    def reset(self, key: Tensor) -> Leaves:
        """The state at the start of the episode whose noise has this key, an int64 scalar."""
        return _leaves(self._call(self.reset_function, **graph_noise(self.reset_function.noise, key, 0)))

    def seen(self, state: Leaves) -> Tensor:
        """What the agent sees of a state: (1, *o)."""
        return self._call(self.observe_function, **_named(state))["observation"][None]

    def step(self, state: Leaves, action: Tensor, key: Tensor, length: Tensor) -> Taken:
        """Take the episode's step number `length`, from 1."""
        noise = graph_noise(self.step_function.noise, key, length)
        found = self._call(self.step_function, action=action, **_named(state), **noise)
        terminated, truncated = found["terminated"], found["truncated"]
        if self._limit is not None:
            truncated |= length >= self._limit
        if self._cut is not None:
            truncated |= ~terminated & (length >= self._cut)
        return Taken(_leaves(found), found["observation"][None], found["reward"], terminated, truncated)

    def _reset(self, noise: TracedNoise) -> Outputs:
        state = self._environment.reset(noise)
        self._structure = tf.nest.map_structure(lambda _: 0, state)
        leaves = tuple(tf.convert_to_tensor(leaf) for leaf in tf.nest.flatten(state))
        self._specs = [tf.TensorSpec(leaf.shape, leaf.dtype) for leaf in leaves]
        return _named(leaves)

    def _observed(self, **given: Tensor) -> Outputs:
        return {"observation": self._seen(self._state(given))}

    def _traced_step(self) -> GraphFunction:
        specs, action = self._specs, self._spaces.action

        def step(noise: TracedNoise, action: Tensor, **given: Tensor) -> Outputs:
            state = self._state(given)
            after, reward, terminated, truncated = self._environment.step(state, action, noise)
            tf.nest.assert_same_structure(self._structure, after)
            leaves = [
                tf.ensure_shape(tf.convert_to_tensor(leaf, spec.dtype), spec.shape)
                for leaf, spec in zip(tf.nest.flatten(after), specs, strict=True)
            ]
            return {
                **_named(tuple(leaves)),
                "observation": self._seen(after),
                "reward": tf.reshape(tf.cast(reward, tf.float32), ()),
                "terminated": tf.reshape(tf.cast(terminated, tf.bool), ()),
                "truncated": tf.reshape(tf.cast(truncated, tf.bool), ()),
            }

        shape, dtype = ((), "int32") if isinstance(action, Discrete) else (action.shape, action.dtype)
        return with_noise("step", step, (tf.TensorSpec(shape, dtype, name="action"), *self._state_specs()))

    def _state_specs(self) -> tuple[tf.TensorSpec, ...]:
        return tuple(
            tf.TensorSpec(spec.shape, spec.dtype, name=f"{_STATE}{place:03d}") for place, spec in enumerate(self._specs)
        )

    def _state(self, given: Outputs) -> Nest:
        return tf.nest.pack_sequence_as(self._structure, list(_leaves(given)))

    def _seen(self, state: Nest) -> Tensor:
        space = self._spaces.observation
        return tf.ensure_shape(tf.convert_to_tensor(self._environment.observe(state), space.dtype), space.shape)


def _named(leaves: Leaves) -> Outputs:
    return {f"{_STATE}{place:03d}": leaf for place, leaf in enumerate(leaves)}


def _leaves(found: Outputs) -> Leaves:
    return tuple(found[name] for name in sorted(found) if name.startswith(_STATE))
