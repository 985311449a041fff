"""The suite of buffers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.buffer import Buffer, Storage
from rlkit.contracts.demand import Sampling
from rlkit.programs.examples import example_progress
from rlkit.programs.program import Program
from rlkit.programs.ready import ADDED_AT_ONCE
from rlkit.programs.selection_program import selection_program
from rlkit.replay.columns import step_columns
from rlkit.testing.component_suite import VECTOR
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.selection_functions import SelectionCalls
from rlkit.testing.verdict import shown


class BufferSuite(GraphSuite):
    """`component = UniformBuffer(capacity=500)`."""

    contract = Buffer
    size = 32
    """Rows in a sample, if the capacity allows."""

    def program(self) -> Program:
        """See `GraphSuite`."""
        storage = self._storage(1)
        return selection_program(self.with_schedules(VECTOR).build(storage), storage)

    def test_its_capacity_is_a_number_of_rows(self) -> None:
        """An int, at least 1."""
        capacity = self.component.capacity
        whole = isinstance(capacity, int) and not isinstance(capacity, bool) and capacity >= 1
        self.demand(whole, "an int of at least 1", shown(capacity), "capacity")

    def test_it_says_where_observations_lie(self) -> None:
        """`storage` is `memory` or `disk`; a buffer that does not say keeps them in memory."""
        storage = getattr(self.component, "storage", "memory")
        self.demand(storage in ("memory", "disk"), "'memory' or 'disk'", shown(storage), "storage")

    def test_it_selects_stored_rows(self) -> None:
        """(size,) int64 slots in [0, stored) and (size,) float32 weights above 0, from the first sample on.

        For single steps in one environment and for windows of several steps in four; when as many rows are stored as a
        sample has, when the ring is full, and when it was overwritten; told of one row, of a few and of as many as at
        most, and of priorities from 0 to a million, the same row's twice and those of the first and the newest one.
        """
        for environments, length, before in ((1, 1, 0), (4, 3, 2)):
            storage = self._storage(environments, length=length, before=before)
            calls = SelectionCalls(self, self.with_schedules(VECTOR).build(storage), storage)
            rng = np.random.default_rng(0)
            for turn, written in enumerate(_written(storage)):
                calls.added(written)
                for again in range(3):
                    slots = self._check_selected(calls, storage, 3 * turn + again, written)
                    # A selection may draw a row twice; the first and the newest are told of in any case.
                    slots = np.concatenate([slots[: len(slots) // 2], slots[: len(slots) - len(slots) // 2]])
                    slots[-1:], slots[:1] = (written - 1) % storage.capacity, 0
                    priority = rng.choice([0.0, 1e-6, 1.0, 1e6], len(slots)).astype(np.float32)
                    calls.update(slots, priority)

    def test_a_priority_is_of_its_own_slot(self) -> None:
        """The same slots with the same priorities, told in another order, lead to the same selections.

        Not asked of a buffer that hears priorities by chance: one that selects otherwise after other noise.
        """
        storage = self._storage(1)
        size = storage.sampling.size
        rng = np.random.default_rng(0)
        slots = rng.permutation(storage.capacity)[:size].astype(np.int64)
        priority = rng.lognormal(0.0, 3.0, size).astype(np.float32)
        told = self._selected_after(storage, slots, priority)
        if told != self._selected_after(storage, slots, priority, skipped=1):
            return
        # No turn around or along, with which one that reverses or shifts what it was told would agree.
        order = rng.permutation(size)
        asks = "each priority to count for the slot that stands beside it, in whatever order they are told"
        found = "other selections after the same slots and priorities in another order"
        self.demand(told == self._selected_after(storage, slots[order], priority[order]), asks, found, "update")

    def test_a_weight_is_of_the_slot_that_was_drawn(self) -> None:
        """The same draws in another order lead to the same slots with the same weights; of one that draws by mass.

        Not asked of a buffer whose selections have noise of their own.
        """
        storage = self._storage(1)
        size = storage.sampling.size
        calls = SelectionCalls(self, self.with_schedules(VECTOR).build(storage), storage)
        if not calls.by_mass:
            return
        calls.added(storage.capacity)
        rng = np.random.default_rng(0)
        slots = rng.permutation(storage.capacity)[:size].astype(np.int64)
        share, order = rng.lognormal(-6.0, 1.0, size).astype(np.float32), rng.permutation(size)
        told, again, turned = (
            calls.selected_of(storage, counter, slots[places], share[places])
            for counter, places in ((0, slice(None)), (1, slice(None)), (0, order))
        )
        found = "others where the same draws come in another order"
        self.demand(told != again or told == turned, "slots with the weights of their own draws", found, "select")

    def _selected_after(self, storage: Storage, *surprise: npt.NDArray[Any], skipped: int = 0) -> list[list[Any]]:
        """Slots, in order, with their weights: what a full ring's fresh selection picks after it was told so much."""
        calls = SelectionCalls(self, self.with_schedules(VECTOR).build(storage), storage)
        calls.added(storage.capacity)
        calls.update(surprise[0].copy(), surprise[1].copy(), skipped=skipped)
        return [calls.selected_of(storage, counter) for counter in range(8)]

    def _check_selected(self, calls: SelectionCalls, storage: Storage, counter: int, written: int) -> npt.NDArray[Any]:
        stored, size = min(written, storage.capacity), storage.sampling.size
        where = f"with {stored} of {storage.capacity} rows stored"
        chosen = calls.select(
            counter,
            count=np.int64(stored),
            next_slot=np.int64(written % storage.capacity),
            progress=example_progress(counter // 3),
        )
        slots, weight = chosen["slots"], chosen["weight"]
        self.demand_array(slots, "int64", (size,), "slots", "select")
        self.demand_array(weight, "float32", (size,), f"weights {where}", "select")
        outside = slots[(slots < 0) | (slots >= stored)]
        self.demand(not outside.size, f"slots from 0 to {stored - 1} {where}", f"{outside.tolist()}", "select")
        self.demand((weight > 0).all(), f"weights above 0 {where}", f"{weight.tolist()}", "select")
        return slots

    def _storage(self, environments: int, *, length: int = 1, before: int = 0) -> Storage:
        capacity = int(self.component.capacity) // environments * environments
        sampling = Sampling(max(1, min(self.size, capacity)), length=length, before=before)
        spaces = VECTOR._replace(environments=environments)
        return Storage(capacity, environments, sampling, step_columns(spaces, {}))


def _written(storage: Storage) -> Iterator[int]:
    """Rows stored since the beginning: from a sample's size to beyond the capacity."""
    capacity, environments, sampling, _ = storage
    size, room = sampling.size, ADDED_AT_ONCE * environments
    for count in (size, size + environments, 2 * size, capacity // 2, capacity - environments):
        yield max(size, min(capacity, count)) // environments * environments
    yield from (capacity, capacity + environments, capacity + environments + room)
    yield capacity + (room + capacity // 3) // environments * environments + 2 * environments
