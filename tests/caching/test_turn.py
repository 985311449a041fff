"""Of several processes one is within a turn at a time; one that dies or takes too long keeps nobody."""

from __future__ import annotations

import multiprocessing
import os
import time
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import Any

import pytest

from rlkit.caching.turn import turn


@pytest.fixture
def context() -> SpawnContext:
    return multiprocessing.get_context("spawn")


def test_one_process_is_within_a_turn_at_a_time(tmp_path: Path, context: SpawnContext) -> None:
    inside, most = context.Value("i", 0), context.Value("i", 0)
    with turn(tmp_path / "new" / "thing"):  # until all are there
        processes = [context.Process(target=_hold, args=(tmp_path / "new" / "thing", inside, most)) for _ in range(3)]
        for process in processes:
            process.start()
        time.sleep(1.5)
        assert inside.value == 0
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert most.value == 1
    assert not list((tmp_path / "new").iterdir())


def _hold(path: Path, inside: Any, most: Any) -> None:
    with turn(path):
        with inside.get_lock():
            inside.value += 1
            most.value = max(most.value, inside.value)
        time.sleep(0.1)
        with inside.get_lock():
            inside.value -= 1


def _die(path: Path) -> None:
    with turn(path):
        os._exit(1)


def test_a_process_that_dies_within_its_turn_keeps_nobody(tmp_path: Path, context: SpawnContext) -> None:
    process = context.Process(target=_die, args=(tmp_path / "thing",))
    process.start()
    process.join(30)
    began = time.monotonic()
    with turn(tmp_path / "thing"):
        assert time.monotonic() - began < 5


def test_patience_ends(tmp_path: Path) -> None:
    began = time.monotonic()
    with turn(tmp_path / "thing"), turn(tmp_path / "thing", patience=0.2):
        assert 0.2 <= time.monotonic() - began < 10


def test_where_nothing_can_be_written_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with turn(tmp_path / "file" / "thing"):
        pass


def test_what_goes_wrong_within_is_not_hidden(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="mine"), turn(tmp_path / "thing"):
        raise OSError("mine")
