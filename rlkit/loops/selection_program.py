"""The selection's program: what a buffer remembers, and which rows it picks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.buffer import Selection
from rlkit.contracts.data import Sampling
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.loops.examples import example_noise, example_priorities, example_progress, example_slots
from rlkit.loops.noise import TracedNoise
from rlkit.loops.prepared import ADDED_AT_ONCE
from rlkit.loops.program import PROGRESS, GraphFunction, Outputs, Program, as_progress, with_noise
from rlkit.loops.state import variables_of


def selection_program(selection: Selection, sampling: Sampling, capacity: int, environments: int) -> Program:
    """Trace a selection into a program: `select`, and `added` and `update` where they remember anything."""
    size, slots = sampling.size, ADDED_AT_ONCE * environments

    def added(slots: Tensor, count: Tensor) -> Outputs:
        selection.added(slots, count)
        return {"added": tf.constant(True)}

    def select(noise: TracedNoise, stored: Tensor, progress: Tensor) -> Outputs:
        chosen, weight = selection.select(size, stored, noise, as_progress(progress))
        chosen = tf.cast(tf.ensure_shape(chosen, (size,)), tf.int64)
        return {"slots": chosen, "weight": tf.cast(tf.ensure_shape(weight, (size,)), tf.float32)}

    def update(slots: Tensor, priority: Tensor) -> Outputs:
        selection.update(slots, priority)
        return {"updated": tf.constant(True)}

    new = (tf.TensorSpec((slots,), tf.int64, name="slots"), tf.TensorSpec((), tf.int64, name="count"))
    learned = (tf.TensorSpec((size,), tf.int64, name="slots"), tf.TensorSpec((size,), tf.float32, name="priority"))

    def example(spec: TensorSpec, rng: np.random.Generator, turn: int) -> npt.NDArray[Any]:
        stored = min(capacity, (size, size + 1, capacity, 2 * size, 10 * size, capacity)[turn % 6])
        match spec.name:
            case "progress":
                return example_progress(turn)
            case "stored":
                return np.asarray(stored, np.int64)
            case "count":
                return np.asarray(min(stored, max(1, slots * (turn % 3) // 2)), np.int64)
            case "slots" if spec is new[0]:  # the first and the last slot of the ring in turn, and both at once
                return (np.arange(slots, dtype=np.int64) - (turn % 4) * slots // 4) % capacity
            case "slots":
                return example_slots(size, stored, rng, turn)
            case "priority":
                return example_priorities(size, rng, turn)
        return example_noise(spec, rng, turn + 1)

    notices = (GraphFunction("added", added, new), GraphFunction("update", update, learned))
    functions = (
        with_noise("select", select, (tf.TensorSpec((), tf.int64, name="stored"), PROGRESS)),
        *(function for function in notices if function.traced.graph.variables),
    )
    return Program("selection", functions, variables_of(selection, "selection"), example)
