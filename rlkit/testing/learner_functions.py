"""A learner's `begin`, `act` and `learn` as graph functions that return what it returned, nothing cast or reshaped."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.agent import Learner
from rlkit.contracts.buffer import Columns
from rlkit.contracts.data import Act, Call, Learned, Sample, Step
from rlkit.contracts.demand import Sampling
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Tensor
from rlkit.programs.functions import with_call
from rlkit.programs.learner_program import rows_of
from rlkit.programs.program import GraphFunction, Outputs
from rlkit.programs.ready import MEMORY
from rlkit.programs.seeing import all_allowed, seen_from, seen_inputs
from rlkit.replay.columns import EXTRA, MASKS, STEP_COLUMNS, step_columns
from rlkit.testing.verdict import demand, shown

METRIC = "metric_"
"""Before the names of metrics, where they are outputs."""


def begin_function(name: str, learner: Any) -> GraphFunction:
    """Of a learner that has `begin`; output `begun`, which means nothing. `name` is the agent's, for messages."""

    def begin(call: Call) -> Outputs:
        answer = learner.begin(call)
        demand(answer is None, f"{name}.begin", "assignments, and nothing returned", shown(answer))
        return {"begun": tf.constant(True)}

    return with_call("begin", begin)


def memory_of(learner: Learner, environments: int) -> dict[str, npt.NDArray[Any]]:
    """The leaves of the memory at an episode's start, by name."""
    leaves = enumerate(tf.nest.flatten(learner.initial_memory(environments)))
    return {f"{MEMORY}{place:03d}": np.asarray(leaf) for place, leaf in leaves}


def act_function(name: str, learner: Learner, spaces: Spaces, *, explore: bool) -> GraphFunction:
    """Outputs `action`, the extras, and the leaves of the memory; `name` is the agent's, for messages."""
    start = memory_of(learner, spaces.environments)

    def act(call: Call, **given: Tensor) -> Outputs:
        memory = tf.nest.map_structure(tf.convert_to_tensor, learner.initial_memory(spaces.environments))
        carried = tf.nest.pack_sequence_as(memory, [given.pop(leaf) for leaf in start])
        chosen = learner.act(seen_from(given, spaces), carried, call, explore)
        demand(isinstance(chosen, Act), f"{name}.act", "an Act", shown(chosen))
        before, after = _structure(memory), _structure(chosen.memory)
        demand(before == after, f"{name}.act", f"memory as initial_memory has it, {before}", after)
        leaves = {f"{MEMORY}{place:03d}": leaf for place, leaf in enumerate(tf.nest.flatten(chosen.memory))}
        return {"action": chosen.action, **leaves, **{EXTRA + key: value for key, value in chosen.extras.items()}}

    carried = (tf.TensorSpec(leaf.shape, leaf.dtype, name=key) for key, leaf in start.items())
    return with_call("act", act, (*seen_inputs(spaces), *carried))


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


def _structure(memory: Any) -> str:
    """Nesting, shapes and dtypes."""
    return str(tf.nest.map_structure(lambda leaf: shown(tf.convert_to_tensor(leaf)), memory))
