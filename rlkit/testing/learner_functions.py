"""A learner's `act` and `learn` as graph functions that return what it returned, nothing cast or reshaped."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit.contracts.agent import Learner
from rlkit.contracts.data import Act, Learned, Sample, Step
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Tensor
from rlkit.noise.traced import TracedNoise
from rlkit.programs.examples import example_any, example_array, example_progress
from rlkit.programs.program import PROGRESS, GraphFunction, Outputs, as_progress, with_noise
from rlkit.replay.ring import EXTRA, STEP_COLUMNS, Columns, step_columns
from rlkit.testing.verdict import demand, shown

METRIC = "metric_"
"""Before the names of metrics, where they are outputs."""


def act_function(name: str, learner: Learner, spaces: Spaces, *, explore: bool) -> GraphFunction:
    """Outputs `action`, and the extras; `name` is the agent's, for messages. Memory is that of an episode's start."""
    environments, space = spaces.environments, spaces.observation

    def act(noise: TracedNoise, observation: Tensor, first: Tensor, progress: Tensor) -> Outputs:
        memory = learner.initial_memory(environments)
        chosen = learner.act(observation, first, memory, noise, as_progress(progress), explore)
        demand(isinstance(chosen, Act), f"{name}.act", "an Act", shown(chosen))
        before, after = _structure(memory), _structure(chosen.memory)
        demand(before == after, f"{name}.act", f"memory as initial_memory has it, {before}", after)
        return {"action": chosen.action, **{EXTRA + key: value for key, value in chosen.extras.items()}}

    observation = tf.TensorSpec((environments, *space.shape), space.dtype, name="observation")
    return with_noise("act", act, (observation, tf.TensorSpec((environments,), tf.bool, name="first"), PROGRESS))


def extras_of(act: GraphFunction) -> Columns:
    """What an act function stores with a step."""
    outputs = act.traced.structured_outputs.items()
    return {
        name.removeprefix(EXTRA): (tuple(value.shape[1:]), value.dtype.name)
        for name, value in outputs
        if name.startswith(EXTRA)
    }


def learn_function(name: str, learner: Learner, spaces: Spaces, extras: Columns) -> GraphFunction:
    """Outputs `priority`, and the metrics; `name` is the agent's, for messages."""
    columns, (size, length) = step_columns(spaces, extras), learner.sampling

    def learn(
        noise: TracedNoise, valid: Tensor, slots: Tensor, weight: Tensor, progress: Tensor, **given: Tensor
    ) -> Outputs:
        kept = {key.removeprefix(EXTRA): given[key] for key in columns if key.startswith(EXTRA)}
        steps = Step(**{key: given[key] for key in STEP_COLUMNS}, extras=kept)
        learned = learner.learn(Sample(steps, valid, slots, weight), noise, as_progress(progress))
        demand(isinstance(learned, Learned), f"{name}.learn", "a Learned", shown(learned))
        return {"priority": learned.priority, **{METRIC + key: value for key, value in learned.metrics.items()}}

    inputs = [tf.TensorSpec((size, length, *shape), dtype, name=key) for key, (shape, dtype) in columns.items()]
    inputs += [
        tf.TensorSpec((size, length), tf.bool, name="valid"),
        tf.TensorSpec((size,), tf.int64, name="slots"),
        tf.TensorSpec((size,), tf.float32, name="weight"),
    ]
    return with_noise("learn", learn, (*inputs, PROGRESS))


def example_sample(learn: GraphFunction, spaces: Spaces) -> dict[str, Any]:
    """Values for the inputs of a learn function, noise left out; weights are 1."""
    rng = np.random.default_rng(0)
    values: dict[str, Any] = {"progress": example_progress(5)}
    for spec in learn.inputs:
        shape = tuple(spec.shape)
        if spec.name in ("observation", "next_observation"):
            values[spec.name] = example_array(spaces.observation, shape, rng)
        elif spec.name == "action":
            values[spec.name] = example_array(spaces.action, shape, rng)
        elif spec.name == "weight":
            values[spec.name] = np.ones(shape, np.float32)
        elif spec.name not in ("progress", "uniforms", "integers"):
            values[spec.name] = example_any(spec, rng)
    return values


def _structure(memory: Any) -> str:
    """Nesting, shapes and dtypes."""
    return str(tf.nest.map_structure(lambda leaf: shown(tf.convert_to_tensor(leaf)), memory))
