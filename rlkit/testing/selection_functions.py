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
from rlkit.programs.ready import ADDED_AT_ONCE, MASS, draws_by_mass, rank_exponent
from rlkit.programs.selection_program import drawn_inputs, drawn_of
from rlkit.replay.trees import tree_for
from rlkit.testing.verdict import shown

if TYPE_CHECKING:
    from rlkit.testing.graph_suite import GraphSuite

_END = 7
"""Steps of an episode."""


class SelectionCalls:
    """`select`, `added` and `update`, the latter where they remember anything."""

    def __init__(self, suite: GraphSuite, selection: Selection, storage: Storage) -> None:
        self._suite, self._selection = suite, selection
        for method in ("select", "added", "update"):
            has = callable(getattr(selection, method, None))
            suite.demand(has, f"an object with the method {method}", type(selection).__name__, "build")
        self._capacity, self._environments = storage.capacity, storage.environments
        self._written, self._updates = 0, 0
        self._slots = np.zeros(ADDED_AT_ONCE * storage.environments, np.int64)
        room, size = len(self._slots), storage.sampling.size
        ended = tf.TensorSpec((room,), tf.bool, name="ended")
        priority = tf.TensorSpec((size,), tf.float32, name="priority")
        self.by_mass, self._size = draws_by_mass(selection), size
        self._tree = tree_for(storage.capacity, rank_exponent(selection))
        self._selected = suite.called(self._select(), selection)
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
            heard = self._added(self._written // self._environments, **given, progress=example_progress(3))
            self._keep(self._slots[:count], heard, count, "added")
            self._written += count

    def update(self, slots: npt.NDArray[np.int64], priority: npt.NDArray[np.float32], *, skipped: int = 0) -> None:
        """So surprising were the rows; `skipped`: calls whose noise is passed over."""
        if self._update is not None:
            self._updates += 1 + skipped
            heard = self._update(self._updates, slots=slots, priority=priority, progress=example_progress(3))
            self._keep(slots, heard, len(slots), "update")

    def select(self, counter: int, **given: Any) -> dict[str, npt.NDArray[Any]]:
        """Slots and weights, for the call of this number."""
        if self.by_mass and "drawn_slots" not in given:
            words = np.random.default_rng(counter).integers(0, 2**32, self._size)
            slots, share = self._tree.draw(words)
            given |= {"drawn_slots": slots, "drawn_share": share}
        return self._selected(counter, **given)

    def selected_of(self, storage: Storage, counter: int, *drawn: npt.NDArray[Any]) -> list[tuple[int, float]]:
        """Slots, in order, with their weights to four digits: of a full ring, and of what is `drawn` if it is given."""
        full, progress = np.int64(storage.capacity), example_progress(4)
        given = dict(zip(("drawn_slots", "drawn_share"), drawn, strict=False))
        chosen = self.select(counter, count=full, next_slot=np.int64(0), progress=progress, **given)
        weights = np.round(chosen["weight"].astype(float), 4)
        return sorted(zip(chosen["slots"].tolist(), weights.tolist(), strict=True))

    def _keep(self, slots: npt.NDArray[np.int64], heard: dict[str, npt.NDArray[Any]], count: int, method: str) -> None:
        """The masses of the first `count`, in the tree."""
        if self.by_mass:
            masses = heard[MASS][:count]
            wrong = masses[~((masses > 0) & np.isfinite(masses))]
            found = f"{len(wrong)} of {count} that are not, the first {wrong[0]}" if len(wrong) else ""
            self._suite.demand(not len(wrong), "masses that are finite and above 0", found, method)
            self._tree.set(slots, masses)

    def _select(self) -> GraphFunction:
        def select(call: Call, count: Tensor, next_slot: Tensor, **drawn: Tensor) -> Outputs:
            chosen = self._selection.select(Stored(count, next_slot, drawn_of(drawn)), call)
            pair = isinstance(chosen, tuple) and len(chosen) == 2
            self._suite.demand(pair, "an rlkit.Selected of slots and weights", shown(chosen), "select")
            return {"slots": chosen[0], "weight": chosen[1]}

        drawn = drawn_inputs(self._size, by_mass=self.by_mass)
        return with_call("select", select, (_ints("count"), _ints("next_slot"), *drawn))

    def _notice(self, method: Callable[..., Any], bundle: type[Any], *specs: TensorSpec) -> Any:
        def notice(call: Call, **given: Tensor) -> Outputs:
            answer = method(bundle(**given), call)
            if self.by_mass:
                return {MASS: tf.ensure_shape(answer, given["slots"].shape)}
            self._suite.demand(answer is None, "assignments, and nothing returned", shown(answer), method.__name__)
            return {"heard": tf.constant(True)}

        function = with_call(method.__name__, notice, specs)
        if not self.by_mass and not function.traced.graph.variables:
            return None
        return self._suite.called(function, self._selection)


def _ints(name: str, *shape: int) -> TensorSpec:
    return tf.TensorSpec(shape, tf.int64, name=name)
