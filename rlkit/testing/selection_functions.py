"""A buffer's selection, asked and told as the learning loop does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.buffer import Added, Selection, Storage, Stored, Surprise
from rlkit.contracts.data import Call
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.programs.examples import example_progress
from rlkit.programs.functions import with_call
from rlkit.programs.program import GraphFunction, Outputs
from rlkit.programs.ready import ADDED_AT_ONCE
from rlkit.testing.verdict import shown

if TYPE_CHECKING:
    from rlkit.testing.graph_suite import GraphSuite

_END = 7
"""Steps of an episode."""


class SelectionCalls:
    """`select`, `added` and `update`, the latter where they remember anything."""

    def __init__(self, suite: GraphSuite, selection: Selection, storage: Storage) -> None:
        self._suite, self._selection = suite, selection
        self._capacity, self._environments = storage.capacity, storage.environments
        self._written, self._updates = 0, 0
        self._slots = np.zeros(ADDED_AT_ONCE * storage.environments, np.int64)
        room, size = len(self._slots), storage.sampling.size
        ended = tf.TensorSpec((room,), tf.bool, name="ended")
        priority = tf.TensorSpec((size,), tf.float32, name="priority")
        self.select = suite.called(self._select(), selection)
        self._added = self._notice(selection.added, Added, _ints("slots", room), _ints("count"), ended)
        self._update = self._notice(selection.update, Surprise, _ints("slots", size), priority)

    def added(self, written: int) -> None:
        """So many rows were stored since the beginning; the newest are told of, as many at once as there is room."""
        self._written = max(self._written, written - self._capacity)
        while self._written < written and self._added is not None:
            count = min(len(self._slots), written - self._written)
            # What lies beyond is left from before, as in the loop.
            self._slots[:count] = np.arange(self._written, self._written + count) % self._capacity
            ended = self._slots // self._environments % _END == 0
            given = {"slots": self._slots, "count": np.int64(count), "ended": ended}
            self._added(self._written // self._environments, **given, progress=example_progress(3))
            self._written += count

    def update(self, slots: npt.NDArray[np.int64], priority: npt.NDArray[np.float32]) -> None:
        """So surprising were the rows."""
        if self._update is not None:
            self._updates += 1
            self._update(self._updates, slots=slots, priority=priority, progress=example_progress(3))

    def _select(self) -> GraphFunction:
        def select(call: Call, count: Tensor, next_slot: Tensor) -> Outputs:
            chosen = self._selection.select(Stored(count, next_slot), call)
            pair = isinstance(chosen, tuple) and len(chosen) == 2
            self._suite.demand(pair, "an rlkit.Selected of slots and weights", shown(chosen), "select")
            return {"slots": chosen[0], "weight": chosen[1]}

        return with_call("select", select, (_ints("count"), _ints("next_slot")))

    def _notice(self, method: Callable[..., Any], bundle: type[Any], *specs: TensorSpec) -> Any:
        def notice(call: Call, **given: Tensor) -> Outputs:
            answer = method(bundle(**given), call)
            self._suite.demand(answer is None, "assignments, and nothing returned", shown(answer), method.__name__)
            return {"heard": tf.constant(True)}

        function = with_call(method.__name__, notice, specs)
        return self._suite.called(function, self._selection) if function.traced.graph.variables else None


def _ints(name: str, *shape: int) -> TensorSpec:
    return tf.TensorSpec(shape, tf.int64, name=name)
