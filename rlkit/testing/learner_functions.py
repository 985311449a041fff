"""A learner's `act` and `learn` as graph functions that return what it returned, nothing cast or reshaped."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit.contracts.agent import Learner
from rlkit.contracts.buffer import Columns
from rlkit.contracts.data import Act, Call, Learned, Sample, Step
from rlkit.contracts.demand import Sampling
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Tensor
from rlkit.programs.examples import example_allowed, example_any, example_array, example_progress
from rlkit.programs.functions import with_call
from rlkit.programs.learner_program import rows_of
from rlkit.programs.program import GraphFunction, Outputs
from rlkit.programs.seeing import all_allowed, seen_from, seen_inputs
from rlkit.replay.columns import ALLOWED, EXTRA, MASKS, STEP_COLUMNS, step_columns
from rlkit.testing.verdict import demand, shown

METRIC = "metric_"
"""Before the names of metrics, where they are outputs."""


def act_function(name: str, learner: Learner, spaces: Spaces, *, explore: bool) -> GraphFunction:
    """Outputs `action`, and the extras; `name` is the agent's, for messages. Memory is that of an episode's start."""

    def act(call: Call, **given: Tensor) -> Outputs:
        memory = tf.nest.map_structure(tf.convert_to_tensor, learner.initial_memory(spaces.environments))
        chosen = learner.act(seen_from(given, spaces), memory, call, explore)
        demand(isinstance(chosen, Act), f"{name}.act", "an Act", shown(chosen))
        before, after = _structure(memory), _structure(chosen.memory)
        demand(before == after, f"{name}.act", f"memory as initial_memory has it, {before}", after)
        return {"action": chosen.action, **{EXTRA + key: value for key, value in chosen.extras.items()}}

    return with_call("act", act, seen_inputs(spaces))


def extras_of(act: GraphFunction) -> Columns:
    """What an act function stores with a step."""
    outputs = act.traced.structured_outputs.items()
    return {
        name.removeprefix(EXTRA): (tuple(value.shape[1:]), value.dtype.name)
        for name, value in outputs
        if name.startswith(EXTRA)
    }


def learn_function(name: str, learner: Learner, spaces: Spaces, sampling: Sampling, extras: Columns) -> GraphFunction:
    """Outputs `priority`, and the metrics; `name` is the agent's, for messages."""
    columns = step_columns(spaces, extras)
    rows, length = rows_of(sampling, spaces), sampling.before + sampling.length

    def learn(call: Call, valid: Tensor, slots: Tensor, weight: Tensor, **given: Tensor) -> Outputs:
        kept = {key.removeprefix(EXTRA): given[key] for key in columns if key.startswith(EXTRA)}
        masks = {key: given.get(key, all_allowed(spaces, rows, length)) for key in MASKS}
        steps = Step(**{key: given[key] for key in STEP_COLUMNS}, extras=kept, **masks)
        learned = learner.learn(Sample(steps, valid, slots, weight), call)
        demand(isinstance(learned, Learned), f"{name}.learn", "a Learned", shown(learned))
        return {"priority": learned.priority, **{METRIC + key: value for key, value in learned.metrics.items()}}

    inputs = [tf.TensorSpec((rows, length, *shape), dtype, name=key) for key, (shape, dtype) in columns.items()]
    inputs += [
        tf.TensorSpec((rows, length), tf.bool, name="valid"),
        tf.TensorSpec((rows,), tf.int64, name="slots"),
        tf.TensorSpec((rows,), tf.float32, name="weight"),
    ]
    return with_call("learn", learn, tuple(inputs))


def example_seen(spaces: Spaces, rng: np.random.Generator) -> dict[str, Any]:
    """Values for the fields of a `Seen`."""
    values: dict[str, Any] = {}
    for spec in seen_inputs(spaces):
        shape = tuple(spec.shape)
        if spec.name == "observation":
            values[spec.name] = example_array(spaces.observation, shape, rng)
        elif spec.name == "previous_action":
            values[spec.name] = example_array(spaces.action, shape, rng)
        elif spec.name == ALLOWED:
            values[spec.name] = example_allowed(shape, rng)
        else:
            values[spec.name] = example_any(spec, rng)
    return values


def example_sample(learn: GraphFunction, spaces: Spaces) -> dict[str, Any]:
    """Values for the inputs of a learn function, noise left out; weights are 1, and all steps valid."""
    rng = np.random.default_rng(0)
    values: dict[str, Any] = {"progress": example_progress(5)}
    for spec in learn.inputs:
        shape = tuple(spec.shape)
        if spec.name in ("observation", "next_observation"):
            values[spec.name] = example_array(spaces.observation, shape, rng)
        elif spec.name == "action":
            values[spec.name] = example_array(spaces.action, shape, rng)
        elif spec.name in MASKS:
            values[spec.name] = example_allowed(shape, rng)
        elif spec.name in ("weight", "valid"):
            values[spec.name] = np.ones(shape, spec.dtype.as_numpy_dtype)
        elif spec.name not in ("progress", "uniforms", "integers"):
            values[spec.name] = example_any(spec, rng)
    return values


def _structure(memory: Any) -> str:
    """Nesting, shapes and dtypes."""
    return str(tf.nest.map_structure(lambda leaf: shown(tf.convert_to_tensor(leaf)), memory))
