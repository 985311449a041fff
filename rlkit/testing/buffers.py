"""The suite of buffers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from rlkit.contracts.buffer import Added, Buffer, Selection, Storage, Stored, Surprise
from rlkit.contracts.data import Call
from rlkit.contracts.demand import Sampling
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.programs.examples import example_progress
from rlkit.programs.functions import with_call
from rlkit.programs.program import Outputs, Program
from rlkit.programs.ready import ADDED_AT_ONCE
from rlkit.programs.selection_program import selection_program
from rlkit.replay.columns import step_columns
from rlkit.testing.component_suite import VECTOR
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.verdict import shown


class BufferSuite(GraphSuite):
    """`component = UniformBuffer(capacity=500)`."""

    contract = Buffer
    size = 32
    """Rows in a sample, if the capacity allows."""

    def program(self) -> Program:
        """See `GraphSuite`."""
        return selection_program(self.component.build(self._storage(1)), self._storage(1))

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
            storage = self._storage(environments)
            selection, capacity, size = self.component.build(storage), storage.capacity, storage.sampling.size
            select = self.called(self._select(selection), selection)
            told = _Told(self, selection, size, environments)
            rng = np.random.default_rng(0)
            for turn, written in enumerate(_written(size, capacity, environments)):
                stored = min(written, capacity)
                told.of_rows(written, capacity)
                for again in range(3):
                    head = {"count": np.int64(stored), "next_slot": np.int64(written % capacity)}
                    chosen = select(3 * turn + again, **head, progress=example_progress(turn))
                    slots, weight = chosen["slots"], chosen["weight"]
                    where = f"with {stored} of {capacity} rows stored"
                    self.demand_array(slots, "int64", (size,), "slots", "select")
                    self.demand_array(weight, "float32", (size,), f"weights {where}", "select")
                    outside = slots[(slots < 0) | (slots >= stored)]
                    asks = f"slots from 0 to {stored - 1} {where}"
                    self.demand(not outside.size, asks, f"{outside.tolist()}", "select")
                    self.demand((weight > 0).all(), f"weights above 0 {where}", f"{weight.tolist()}", "select")
                    # A selection may draw a row twice; the first and the newest are told of in any case.
                    slots = np.concatenate([slots[: size // 2], slots[: size - size // 2]])
                    slots[-1:], slots[:1] = stored - 1, 0
                    told.of_priorities(slots, rng.choice([0.0, 1e-6, 1.0, 1e6], size).astype(np.float32))

    def _size(self, environments: int) -> int:
        return max(1, min(self.size, int(self.component.capacity) // environments * environments))

    def _storage(self, environments: int) -> Storage:
        capacity = self.component.capacity // environments * environments
        spaces = VECTOR._replace(environments=environments)
        return Storage(capacity, environments, Sampling(self._size(environments)), step_columns(spaces, {}))

    def _select(self, selection: Selection) -> Any:
        def select(call: Call, count: Tensor, next_slot: Tensor) -> Outputs:
            chosen = selection.select(Stored(count, next_slot), call)
            pair = isinstance(chosen, tuple) and len(chosen) == 2
            self.demand(pair, "an rlkit.Selected of slots and weights", shown(chosen), "select")
            return {"slots": chosen[0], "weight": chosen[1]}

        return with_call("select", select, (_ints("count"), _ints("next_slot")))


class _Told:
    """What a selection that remembers anything is told, as the learning loop tells it."""

    def __init__(self, suite: BufferSuite, selection: Selection, size: int, environments: int) -> None:
        self._room = ADDED_AT_ONCE * environments
        self._written, self._turn = 0, 0
        ended = tf.TensorSpec((self._room,), tf.bool, name="ended")
        priority = tf.TensorSpec((size,), tf.float32, name="priority")
        new = (_ints("slots", self._room), _ints("count"), ended)
        self._added = self._notice(suite, selection.added, Added, selection, *new)
        self._update = self._notice(suite, selection.update, Surprise, selection, _ints("slots", size), priority)

    def _notice(
        self,
        suite: BufferSuite,
        method: Callable[..., Any],
        bundle: type[Any],
        part: object,
        *specs: TensorSpec,
    ) -> Any:
        def notice(call: Call, **given: Tensor) -> Outputs:
            answer = method(bundle(**given), call)
            suite.demand(answer is None, "assignments, and nothing returned", shown(answer), method.__name__)
            return {"heard": tf.constant(True)}

        function = with_call(method.__name__, notice, specs)
        return suite.called(function, part) if function.traced.graph.variables else None

    def of_rows(self, written: int, capacity: int) -> None:
        """So many rows were stored since the beginning."""
        if self._added is not None:
            for first in range(self._written, written, self._room):
                slots = np.zeros(self._room, np.int64)
                count = min(self._room, written - first)
                slots[:count] = np.arange(first, first + count) % capacity
                given = {"slots": slots, "count": np.int64(count), "ended": slots % 7 == 0}
                self._added(first, **given, progress=example_progress(3))
        self._written = written

    def of_priorities(self, slots: Any, priority: Any) -> None:
        """So surprising were the rows."""
        if self._update is not None:
            self._turn += 1
            self._update(self._turn, slots=slots, priority=priority, progress=example_progress(3))


def _ints(name: str, *shape: int) -> TensorSpec:
    return tf.TensorSpec(shape, tf.int64, name=name)


def _written(size: int, capacity: int, environments: int) -> Iterator[int]:
    """Rows stored since the beginning: from a sample's size to beyond the capacity."""
    for count in (size, size + 1, 2 * size, capacity // 2, capacity - 1):
        yield min(capacity, max(size, count) // environments * environments)
    yield from (capacity, capacity + environments, capacity + capacity // (3 * environments) * environments)
