"""A buffer that is wrong says so when it is traced."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf

from rlkit import Added, Call, Selected, Storage, Stored, Surprise, component, parameter
from tests.programs.guarding.tracing import refused, traced


@component
class Wrong:
    how: str = parameter(doc="what is wrong")
    capacity: int = 100

    def build(self, storage: Storage) -> Any:  # build
        if self.how == "storage":
            return Selection(storage.rows, self.how)  # storage
        if self.how.startswith("mass"):
            return Massive(storage.sampling.size, self.how)
        return Half() if self.how == "half" else Selection(storage.sampling.size, self.how)


class Half:
    def select(self, stored: Stored, call: Call) -> Any:
        return None


class Selection:
    def __init__(self, size: int, how: str) -> None:
        self.size, self.how = size, how

    def added(self, added: Added, call: Call) -> Any:  # added
        return added.count if self.how == "added" else None

    def select(self, stored: Stored, call: Call) -> Any:  # select
        slots, weight = call.noise.integers((self.size,), stored.count), tf.ones((self.size,))  # drawn
        if self.how == "slots alone":
            return slots
        if self.how == "float slots":
            slots = call.noise.uniform((self.size,)) * 10.0  # float slots
        if self.how == "one too many":
            slots = call.noise.integers((self.size + 1,), stored.count)  # one too many
        if self.how == "weight":
            return Selected(slots, 1.0)
        if self.how == "misspelt":
            weight = tf.ones((self.size,)) / stored.counts  # misspelt
        return Selected(tf.cast(slots, tf.int32) if self.how == "int32" else slots, weight)

    def update(self, surprise: Surprise, call: Call) -> Any:  # update
        if self.how == "update":
            tf.zeros((3,)) + surprise.priority  # error in update
        return None


class Massive(Selection):
    draws_by_mass = True

    def added(self, added: Added, call: Call) -> Any:  # mass added
        return None if self.how == "mass, none" else tf.ones(added.slots.shape)

    def select(self, stored: Stored, call: Call) -> Any:
        return Selected(stored.drawn.slots, stored.drawn.share)

    def update(self, surprise: Surprise, call: Call) -> Any:  # mass update
        return tf.cast(surprise.priority, tf.float64) if self.how == "mass, float64" else surprise.priority  # float64


SELECT = "buffer Wrong, select {at}: "


@pytest.mark.parametrize(
    ("how", "at", "message"),
    [
        ("storage", "storage", "buffer Wrong, build {at}: AttributeError: 'Storage' object has no attribute 'rows'"),
        ("half", "build", "buffer Wrong, build {at}: returned Half; allowed: an object with the method added"),
        ("added", "added", "buffer Wrong, added {at}: returned int64 (); allowed: nothing is returned"),
        ("slots alone", "drawn", SELECT + "returned int64 (4,); allowed: a tuple of 2"),
        ("float slots", "float slots", SELECT + "returned slots float32 (4,); allowed: int64 (4,)"),
        ("one too many", "one too many", SELECT + "returned slots int64 (5,); allowed: int64 (4,)"),
        ("weight", "select", SELECT + "returned weight float 1.0; allowed: float32 (4,)"),
        ("misspelt", "misspelt", SELECT + "AttributeError: 'Stored' object has no attribute 'counts'"),
        (
            "mass, none",
            "mass added",
            "buffer Wrong, added {at}: returned None (is a return missing?); allowed: float32 (8,)",
        ),
        ("mass, float64", "float64", "buffer Wrong, update {at}: returned float64 (4,); allowed: float32 (4,)"),
        ("update", "error in update", "buffer Wrong, update {at}: ValueError: Dimensions must be equal, …"),
    ],
)
def test_a_selection_is_held_to_its_contract(how: str, at: str, message: str) -> None:
    refused(__file__, at, message, buffer=Wrong(how=how))


@pytest.mark.parametrize("how", ["", "int32"])
def test_a_selection_without_fault_passes(how: str) -> None:
    assert [function.name for function in traced(buffer=Wrong(how=how)).selection.functions] == ["select"]


def test_one_that_leaves_drawing_to_the_core_is_always_told_of_new_steps_and_surprise() -> None:
    functions = traced(buffer=Wrong(how="mass")).selection.functions
    assert [function.name for function in functions] == ["select", "added", "update"]
