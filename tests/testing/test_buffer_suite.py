from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf

from rlkit import Added, Call, Selected, Storage, Stored, Surprise, Tensor, component, parameter
from rlkit.testing import BufferSuite
from rlkit_dqn.buffers.prioritized import PrioritizedBuffer, PrioritizedSelection

SELECTS = "test_it_selects_stored_rows"
OWN_SLOT = "test_a_priority_is_of_its_own_slot"


@component
class Prioritised:
    """Draws rows by the priorities that it was told, unless `how` says otherwise. A flat sum: slow, and enough here."""

    capacity: int = parameter(default=100, doc="rows kept", at_least=1)
    how: str = parameter(default="", doc="what is wrong")

    def build(self, storage: Any) -> Selecting:
        return Selecting(storage, self.how)


class Selecting:
    def __init__(self, storage: Any, how: str) -> None:
        self.priority = tf.Variable(tf.zeros(storage.capacity))
        self.size, self.how = storage.sampling.size, how

    def added(self, added: Added, call: Call) -> None:
        slots = added.slots
        new = self._at(slots) & (tf.range(slots.shape[0], dtype=tf.int64) < added.count)[:, None]
        if self.how == "rows that are not stored":
            new = tf.ones_like(new)
        self.priority.assign(tf.where(tf.reduce_any(new, axis=0), 1.0, self.priority))

    def update(self, surprise: Surprise, call: Call) -> Any:
        slots, priority = surprise
        if self.how == "priorities in order":
            priority = tf.sort(priority)
        # Multiples of 1/256: their sums are exact, so that no backend's rounding draws another row.
        coarse = tf.math.ceil(256.0 * tf.minimum(priority, 100.0) + 1.0) / 256.0
        told = tf.reduce_max(tf.where(self._at(slots), coarse[:, None], 0.0), axis=0)
        self.priority.assign(tf.where(told > 0.0, told, self.priority))
        return told if self.how == "returns something" else None

    def select(self, stored: Stored, call: Call) -> Any:
        size, noise = self.size, call.noise
        total = tf.cumsum(self.priority)
        drawn = noise.uniform((size,)) * total[-1]
        slots = tf.reduce_sum(tf.cast(total[None, :] <= drawn[:, None], tf.int64), axis=1)
        if self.how != "rows that are not stored":
            slots = tf.minimum(slots, stored.count - 1)
        weight = 1.0 / (tf.gather(self.priority, slots) + 1e-6)
        match self.how:
            case "any slot":
                return noise.integers((size,), self.priority.shape[0]), weight
            case "int32 slots":
                return tf.cast(slots, tf.int32), weight
            case "too few":
                return slots[1:], weight
            case "no weights":
                return slots
            case "no shares":
                return Selected(slots, weight / 0.0)
            case "weights of surprise 0":
                return slots, tf.gather(self.priority, slots) * 0.0
        return Selected(slots, weight)

    def _at(self, slots: Tensor) -> Tensor:
        """(slots, capacity) bool; a slot may come twice."""
        return slots[:, None] == tf.range(self.priority.shape[0], dtype=tf.int64)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("any slot", "slots from 0 to 31 with 32 of 100 rows stored; found ["),
        (
            "int32 slots",
            "Prioritised.select: the contract asks for int64 slots of shape (32,); found int32 of shape (32,)",
        ),
        ("too few", "int64 slots of shape (32,); found int64 of shape (31,)"),
        ("no weights", "an rlkit.Selected of slots and weights; found int64 of shape (32,)"),
        ("no shares", "finite weights with 32 of 100 rows stored; found [inf"),
        ("returns something", "Prioritised.update: the contract asks for assignments, and nothing returned; found"),
        ("rows that are not stored", "slots from 0 to 31 with 32 of 100 rows stored; found ["),
        ("weights of surprise 0", "weights above 0 with 32 of 100 rows stored; found [0.0"),
    ],
)
def test_broken_buffer_is_told_what_is_wrong(how: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(BufferSuite, Prioritised(how=how), SELECTS)


def test_priorities_of_other_slots_are_found(sentence: Callable[..., str]) -> None:
    message = sentence(BufferSuite, Prioritised(how="priorities in order"), OWN_SLOT)
    asks = "the contract asks for each priority to count for the slot that stands beside it"
    assert message.startswith(f"Prioritised.update: {asks}")


@component
class Shuffling(PrioritizedBuffer):
    """Hands masses back for other slots than it was asked about."""

    how: str = parameter(default="sorted", doc="in which order")

    def build(self, storage: Storage) -> PrioritizedSelection:
        orders = {"sorted": tf.sort, "reversed": lambda told: told[::-1], "shifted": lambda told: tf.roll(told, 1, 0)}
        order = orders[self.how]

        class Shuffled(PrioritizedSelection):
            def update(self, surprise: Surprise, call: Call) -> Tensor:
                return super().update(Surprise(surprise.slots, order(surprise.priority)), call)

        return Shuffled(self)


@pytest.mark.parametrize("how", ["sorted", "reversed", "shifted"])
def test_masses_of_other_slots_are_found(how: str, sentence: Callable[..., str]) -> None:
    words = "found other selections after the same slots and priorities in another order"
    assert words in sentence(BufferSuite, Shuffling(capacity=100, how=how), OWN_SLOT)


@component
class OthersWeights(PrioritizedBuffer):
    """Weighs each row as another one."""

    def build(self, storage: Storage) -> PrioritizedSelection:
        class Turned(PrioritizedSelection):
            def select(self, stored: Stored, call: Call) -> Selected:
                chosen = super().select(stored, call)
                return Selected(chosen.slots, chosen.weight[::-1])

        return Turned(self)


def test_weights_of_other_rows_are_found(sentence: Callable[..., str]) -> None:
    test = "test_a_weight_is_of_the_slot_that_was_drawn"
    assert "slots with the weights of their own draws" in sentence(BufferSuite, OthersWeights(capacity=100), test)


def test_capacity_that_is_no_int_is_found(sentence: Callable[..., str]) -> None:
    @component
    class Half:
        """Half of something."""

        of: int = parameter(default=101, doc="twice the rows")

        @property
        def capacity(self) -> float:
            return self.of / 2

        def build(self, storage: Any) -> Selecting:
            return Selecting(storage, "")

    message = sentence(BufferSuite, Half(), "test_its_capacity_is_a_number_of_rows")
    assert message == "Half.capacity: the contract asks for an int of at least 1; found float 50.5"


class Remembering(BufferSuite):
    component = Prioritised()


@pytest.mark.parametrize("test", [name for name in dir(BufferSuite) if name.startswith("test_")])
def test_buffer_that_remembers_conforms(test: str) -> None:
    getattr(Remembering(), test)()


def test_storage_elsewhere_is_found(sentence: Callable[..., str]) -> None:
    @component
    class OnTape(Prioritised):
        """Keeps observations on tape."""

        storage: str = parameter(default="tape", doc="where observations lie")

    message = sentence(BufferSuite, OnTape(), "test_it_says_where_observations_lie")
    assert message == "OnTape.storage: the contract asks for 'memory' or 'disk'; found str 'tape'"
