"""The suite of buffers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from rlkit.contracts.buffer import Buffer, Selection
from rlkit.contracts.data import Sampling
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.noise.traced import TracedNoise
from rlkit.programs.examples import example_progress
from rlkit.programs.program import PROGRESS, GraphFunction, Outputs, Program, as_progress, with_noise
from rlkit.programs.ready import ADDED_AT_ONCE
from rlkit.programs.selection_program import selection_program
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.verdict import shown


class BufferSuite(GraphSuite):
    """`component = UniformBuffer(capacity=500)`."""

    contract = Buffer
    size = 32
    """Rows in a sample, if the capacity allows."""

    def program(self) -> Program:
        """See `GraphSuite`."""
        return self._program(self.component.build(1), 1)

    def test_its_capacity_is_a_number_of_rows(self) -> None:
        """An int, at least 1."""
        capacity = self.component.capacity
        whole = isinstance(capacity, int) and not isinstance(capacity, bool) and capacity >= 1
        self.demand(whole, "an int of at least 1", shown(capacity), "capacity")

    def test_it_selects_stored_rows(self) -> None:
        """(size,) int64 slots in [0, stored) and (size,) float32 weights above 0, from the first sample on.

        With one environment and with four; when as many rows are stored as a sample has, when the ring is full,
        and when it was overwritten; after `added` and `update`, with priorities from 0 to a million.
        """
        for environments in (1, 4):
            selection = self.component.build(environments)
            capacity = self.component.capacity // environments * environments
            size = self._size(environments)
            select = self.called(self._select(selection, size), selection)
            told = _Told(self, selection, size, environments)
            rng = np.random.default_rng(0)
            for turn, written in enumerate(_written(size, capacity, environments)):
                stored = min(written, capacity)
                told.of_rows(written, capacity)
                for again in range(3):
                    chosen = select(3 * turn + again, stored=np.int64(stored), progress=example_progress(turn))
                    slots, weight = chosen["slots"], chosen["weight"]
                    where = f"with {stored} of {capacity} rows stored"
                    self.demand_array(slots, "int64", (size,), "slots", "select")
                    self.demand_array(weight, "float32", (size,), f"weights {where}", "select")
                    outside = slots[(slots < 0) | (slots >= stored)]
                    asks = f"slots from 0 to {stored - 1} {where}"
                    self.demand(not outside.size, asks, f"{outside.tolist()}", "select")
                    self.demand((weight > 0).all(), f"weights above 0 {where}", f"{weight.tolist()}", "select")
                    told.of_priorities(slots, rng.choice([0.0, 1e-6, 1.0, 1e6], size).astype(np.float32))

    def _size(self, environments: int) -> int:
        return max(1, min(self.size, int(self.component.capacity) // environments * environments))

    def _program(self, selection: Selection, environments: int) -> Program:
        capacity = self.component.capacity // environments * environments
        return selection_program(selection, Sampling(self._size(environments)), capacity, environments)

    def _select(self, selection: Selection, size: int) -> Any:
        def select(noise: TracedNoise, stored: Tensor, progress: Tensor) -> Outputs:
            chosen = selection.select(size, stored, noise, as_progress(progress))
            pair = isinstance(chosen, tuple) and len(chosen) == 2
            self.demand(pair, "a pair of slots and weights", shown(chosen), "select")
            return {"slots": chosen[0], "weight": chosen[1]}

        return with_noise("select", select, (_ints("stored"), PROGRESS))


class _Told:
    """What a selection that remembers anything is told, as the learning loop tells it."""

    def __init__(self, suite: BufferSuite, selection: Selection, size: int, environments: int) -> None:
        self._room = ADDED_AT_ONCE * environments
        self._written = 0
        self._added = self._notice(suite, selection, "added", _ints("slots", self._room), _ints("count"))
        priority = tf.TensorSpec((size,), tf.float32, name="priority")
        self._update = self._notice(suite, selection, "update", _ints("slots", size), priority)

    def _notice(self, suite: BufferSuite, selection: Selection, name: str, *specs: TensorSpec) -> Any:
        def notice(**given: Tensor) -> Outputs:
            getattr(selection, name)(**given)
            return {"heard": tf.constant(True)}

        function = GraphFunction(name, notice, specs)
        return suite.called(function, selection) if function.traced.graph.variables else None

    def of_rows(self, written: int, capacity: int) -> None:
        """So many rows were stored since the beginning."""
        if self._added is not None:
            for first in range(self._written, written, self._room):
                slots = np.zeros(self._room, np.int64)
                count = min(self._room, written - first)
                slots[:count] = np.arange(first, first + count) % capacity
                self._added(slots=slots, count=np.int64(count))
        self._written = written

    def of_priorities(self, slots: Any, priority: Any) -> None:
        """So surprising were the rows."""
        if self._update is not None:
            self._update(slots=slots, priority=priority)


def _ints(name: str, *shape: int) -> TensorSpec:
    return tf.TensorSpec(shape, tf.int64, name=name)


def _written(size: int, capacity: int, environments: int) -> Iterator[int]:
    """Rows stored since the beginning: from a sample's size to beyond the capacity."""
    for count in (size, size + 1, 2 * size, capacity // 2, capacity - 1):
        yield min(capacity, max(size, count) // environments * environments)
    yield from (capacity, capacity + environments, capacity + capacity // (3 * environments) * environments)
