"""The selection's program: what a buffer remembers, and which rows it picks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.buffer import Selection
from rlkit.contracts.data import Sampling
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.noise.traced import TracedNoise
from rlkit.programs.examples import example_noise, example_progress
from rlkit.programs.program import PROGRESS, GraphFunction, Outputs, Program, as_progress, with_noise
from rlkit.programs.ready import ADDED_AT_ONCE
from rlkit.programs.state import variables_of


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

    def example(spec: TensorSpec, rng: np.random.Generator, turn: int) -> npt.NDArray[Any]:
        stored = min(capacity, (size, size + 1, size + 7, 2 * size, 10 * size, capacity)[turn % 6])
        match spec.name:
            case "progress":
                return example_progress(turn)
            case "stored":
                return np.asarray(stored, np.int64)
            case "count":
                return np.asarray(min(stored, max(1, slots * (turn % 3) // 2)), np.int64)
            case "slots":
                wanted: npt.NDArray[np.int64] = np.arange(spec.shape[0], dtype=np.int64) + turn * spec.shape[0]
                return wanted % stored
            case "priority":
                return (2.0 * rng.random(size)).astype(np.float32)
        return example_noise(spec, rng)

    new = (tf.TensorSpec((slots,), tf.int64, name="slots"), tf.TensorSpec((), tf.int64, name="count"))
    learned = (tf.TensorSpec((size,), tf.int64, name="slots"), tf.TensorSpec((size,), tf.float32, name="priority"))
    notices = (GraphFunction("added", added, new), GraphFunction("update", update, learned))
    functions = (
        with_noise("select", select, (tf.TensorSpec((), tf.int64, name="stored"), PROGRESS)),
        *(function for function in notices if function.traced.graph.variables),
    )
    return Program("selection", functions, variables_of(selection, "selection"), example)
