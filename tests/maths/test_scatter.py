"""The last of repeated updates wins, whatever runs it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Sampling, Storage, scatter
from rlkit.programs.backends.choice import choose
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.examples import example_any
from rlkit.programs.program import GraphFunction, Program
from rlkit.programs.selection_program import selection_program

ROWS, UPDATES = 12, 9


def program(dtype: tf.DType) -> Program:
    inputs = (
        tf.TensorSpec((ROWS,), dtype, name="values"),
        tf.TensorSpec((UPDATES,), tf.int64, name="indices"),
        tf.TensorSpec((UPDATES,), dtype, name="updates"),
    )
    function = GraphFunction("scatter", inputs, call=lambda **given: {"after": scatter(**given)})
    return Program("scatter", (function,), {}, lambda spec, rng, turn: example_any(spec, rng))


@pytest.mark.parametrize("dtype", [tf.float32, tf.int32, tf.int64], ids=lambda dtype: dtype.name)
@pytest.mark.parametrize("mode", ["graph", "eager", "xla", "litert"])
def test_the_last_of_repeated_updates_wins_and_what_lies_outside_is_left_out(mode: str, dtype: tf.DType) -> None:
    made = program(dtype)
    reference = TensorFlowBackend(made, "graph")
    backend: Any = (
        LiteRTBackend(convert(made), made, reference.used) if mode == "litert" else TensorFlowBackend(made, mode)
    )
    call, rng = backend.function("scatter"), np.random.default_rng(0)
    for _ in range(50):
        values, updates = (rng.integers(-50, 50, size).astype(dtype.as_numpy_dtype) for size in (ROWS, UPDATES))
        indices = rng.integers(-2, ROWS + 2, UPDATES)
        expected = values.copy()
        for index, update in zip(indices, updates, strict=True):
            if 0 <= index < ROWS:
                expected[index] = update
        np.testing.assert_array_equal(call(values, indices, updates)[0], expected)


class Priorities:
    """Proportional replay that writes priorities as it is told."""

    def __init__(self, capacity: int, size: int, write: Any) -> None:
        self.priorities = tf.Variable(tf.zeros((capacity,)))
        self.size, self.write = size, write

    def added(self, added: Any, call: Any) -> None:
        new = tf.range(added.slots.shape[0], dtype=tf.int64) < added.count
        slots = tf.where(new, added.slots, added.slots[0])
        self.priorities.assign(self.write(self.priorities, slots, tf.ones(slots.shape)))

    def select(self, stored: Any, call: Any) -> Any:
        total = tf.cumsum(self.priorities)
        wanted = call.noise.uniform((self.size, 1)) * total[-1]
        slots = tf.reduce_sum(tf.cast(total <= wanted, tf.int64), axis=1)
        return tf.minimum(slots, stored.count - 1), tf.ones((self.size,))

    def update(self, surprise: Any, call: Any) -> None:
        self.priorities.assign(self.write(self.priorities, surprise.slots, tf.minimum(surprise.priority, 10.0)))


def plain(values: Any, slots: Any, updates: Any) -> Any:
    return tf.tensor_scatter_nd_update(values, tf.reshape(slots, (-1, 1)), updates)


def selection(write: Any) -> Program:
    storage = Storage(200, 1, Sampling(16), {})
    return selection_program(Priorities(200, 16, write), storage)


def test_a_buffer_whose_repeated_slots_litert_adds_up_is_not_run_there() -> None:
    chosen = choose(selection(plain))
    assert chosen.backend.name == "xla"
    assert "LiteRT's result differs from TensorFlow's: variable selection.priorities after" in chosen.reason


def test_a_buffer_that_scatters_by_ours_runs_in_litert_and_keeps_numpys_priorities() -> None:
    chosen = choose(selection(scatter))
    assert (chosen.backend.name, chosen.reason) == ("litert", "")
    call, rng = SimpleNamespace(progress=np.zeros(4, np.int64)), np.random.default_rng(0)
    update, expected = chosen.backend.function("update"), np.zeros(200, np.float32)
    for _ in range(1000):
        slots, priority = rng.integers(0, 200, 16), rng.random(16).astype(np.float32)
        slots[8:] = slots[:8]
        update(slots, priority, call.progress)
        for slot, value in zip(slots, priority, strict=True):
            expected[slot] = value
    np.testing.assert_array_equal(chosen.backend.read()["selection.priorities"], expected)
