from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from rlkit.runs.collection import startup_spared


@pytest.fixture(autouse=True)
def _nothing_frozen() -> Iterator[None]:
    """The tests' own conftest freezes what imports leave."""
    count = gc.get_freeze_count()
    gc.unfreeze()
    yield
    gc.unfreeze()
    if count:
        gc.freeze()


class Node:
    """One that refers to itself goes by a collection alone."""

    def __init__(self, told: list[str], name: str) -> None:
        self.itself, self.told, self.name = self, told, name

    def __del__(self) -> None:
        self.told.append(self.name)


def test_what_lived_before_is_spared_within_and_collected_after() -> None:
    gc.collect()
    told: list[str] = []
    Node(told, "before")
    with startup_spared():
        Node(told, "within")
        gc.collect()
        assert told == ["within"]
    gc.collect()
    assert told == ["within", "before"]
    assert gc.get_freeze_count() == 0


def test_what_somebody_else_has_frozen_stays_frozen() -> None:
    gc.freeze()
    count = gc.get_freeze_count()
    with startup_spared():
        pass
    assert gc.get_freeze_count() == count > 0
