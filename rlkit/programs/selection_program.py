"""The selection's program: what a buffer remembers, and which rows it picks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.buffer import Added, Drawn, Selection, Storage, Stored, Surprise
from rlkit.contracts.data import Call
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.programs.examples import example_noise, example_priorities, example_progress, example_slots
from rlkit.programs.functions import with_call
from rlkit.programs.program import Outputs, Program
from rlkit.programs.ready import ADDED_AT_ONCE, MASS, draws_by_mass
from rlkit.programs.state import variables_of

_LEAST = np.float32(1e-6)


def selection_program(selection: Selection, storage: Storage, new: int | None = None) -> Program:
    """Trace a selection into a program: `select`, and `added` and `update` where they remember anything.

    `new`: slots that one call of `added` takes.
    """
    capacity, environments, sampling, _ = storage
    size, new = sampling.size or environments, new or ADDED_AT_ONCE * environments
    new_slots, by_mass = _ints("slots", new), draws_by_mass(selection)

    def added(call: Call, slots: Tensor, count: Tensor, ended: Tensor) -> Outputs:
        masses = selection.added(Added(slots, count, ended), call)
        return {MASS: masses} if by_mass else {"added": tf.constant(True)}

    def select(call: Call, stored: Tensor, next_slot: Tensor, **drawn: Tensor) -> Outputs:
        chosen, weight = selection.select(Stored(stored, next_slot, drawn_of(drawn)), call)
        chosen = tf.cast(tf.ensure_shape(chosen, (size,)), tf.int64)
        return {"slots": chosen, "weight": tf.cast(tf.ensure_shape(weight, (size,)), tf.float32)}

    def update(call: Call, slots: Tensor, priority: Tensor) -> Outputs:
        masses = selection.update(Surprise(slots, priority), call)
        return {MASS: masses} if by_mass else {"updated": tf.constant(True)}

    def example(spec: TensorSpec, rng: np.random.Generator, turn: int) -> npt.NDArray[Any]:
        stored = min(capacity, (size, size + 1, capacity, 2 * size, 10 * size, capacity)[turn % 6])
        match spec.name:
            case "progress":
                return example_progress(turn)
            case "stored":
                return np.asarray(stored, np.int64)
            case "next_slot":
                return np.asarray(0 if stored == capacity else stored, np.int64)
            case "count":
                return np.asarray(min(stored, max(1, new * (turn % 3) // 2)), np.int64)
            case "slots" if spec is new_slots:  # a sample may be as many
                # The first and the last slot of the ring in turn, and both at once.
                return (np.arange(new, dtype=np.int64) - (turn % 4) * new // 4) % capacity
            case "slots" | "drawn_slots":
                return example_slots(size, stored, rng, turn)
            case "drawn_share":
                return np.maximum(rng.random(size, np.float32), _LEAST) / stored
            case "ended":
                return rng.random(new) < 0.1
            case "priority":
                return example_priorities(size, rng, turn)
        return example_noise(spec, rng, turn + 1)

    notices = (
        with_call("added", added, (new_slots, _ints("count"), tf.TensorSpec((new,), tf.bool, name="ended"))),
        with_call("update", update, (_ints("slots", size), tf.TensorSpec((size,), tf.float32, name="priority"))),
    )
    functions = (
        with_call("select", select, (_ints("stored"), _ints("next_slot"), *drawn_inputs(size, by_mass=by_mass))),
        *(function for function in notices if by_mass or function.traced.graph.variables),
    )
    return Program("selection", functions, variables_of(selection, "selection"), example)


def drawn_inputs(size: int, *, by_mass: bool) -> tuple[TensorSpec, ...]:
    """The fields of a `Drawn`, for a selection that leaves drawing to the core."""
    if not by_mass:
        return ()
    return _ints("drawn_slots", size), tf.TensorSpec((size,), tf.float32, name="drawn_share")


def drawn_of(given: dict[str, Tensor]) -> Drawn:
    """The `Drawn` of those inputs."""
    if not given:
        return Drawn(tf.zeros((0,), tf.int64), tf.zeros((0,)))
    return Drawn(given["drawn_slots"], given["drawn_share"])


def _ints(name: str, *shape: int) -> TensorSpec:
    return tf.TensorSpec(shape, tf.int64, name=name)
