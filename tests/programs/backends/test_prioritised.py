"""A buffer of priorities: LiteRT only where it writes them as TensorFlow does, although a sample repeats slots."""

import numpy as np
import tensorflow as tf

from rlkit import scatter
from rlkit.contracts.buffer import Storage
from rlkit.contracts.demand import Sampling
from rlkit.programs.backends.choice import choose
from rlkit.programs.selection_program import selection_program
from tests.programs.backends.prioritised import Prioritised

CAPACITY, SIZE = 200, 16


def program_of(write):
    return selection_program(Prioritised(CAPACITY, SIZE, write), Storage(CAPACITY, 1, Sampling(SIZE), {}))


def test_priorities_written_where_litert_adds_run_in_xla_and_it_is_said_why():
    def write(values, slots, updates):
        return tf.tensor_scatter_nd_update(values, slots[:, None], updates)

    chosen = choose(program_of(write))
    assert chosen.backend.name == "xla"
    assert chosen.reason.startswith("LiteRT's result differs from TensorFlow's: variable ")
    assert "priority after " in chosen.reason


def test_priorities_written_by_scatter_run_in_litert_and_stay_those_of_numpy():
    chosen = choose(program_of(scatter))
    assert (chosen.backend.name, chosen.reason) == ("litert", "")
    rng = np.random.default_rng(1)
    progress, ended = np.zeros(4, np.int64), np.zeros(64, bool)
    added, update = (chosen.backend.function(name) for name in ("added", "update"))
    expected, largest = np.zeros(CAPACITY, np.float32), np.float32(1.0)
    for call in range(1_000):
        if call % 4 == 0:
            new = (np.arange(64) + call) % CAPACITY
            added(new, np.int64(1 + call % 64), ended, progress)
            expected[new[: 1 + call % 64]] = largest
        slots = rng.integers(0, CAPACITY if call % 2 else 5, SIZE)
        priority = rng.choice([0.0, 1e-6, 0.3, 7.0, 1e6], SIZE).astype(np.float32)
        update(slots, priority, progress)
        for slot, value in zip(slots, priority, strict=True):
            expected[slot] = value
        largest = max(largest, priority.max())
    name = next(name for name in chosen.backend.read() if name.endswith("priority"))
    np.testing.assert_array_equal(chosen.backend.read()[name], expected)
