from __future__ import annotations

import os

import pytest

from rlkit.programs.backends import xla_flags
from rlkit.programs.backends.xla_flags import order_operations

SCHEDULER, COPIES = "--xla_cpu_enable_concurrency_optimized_scheduler", "--xla_cpu_copy_insertion_use_region_analysis"


@pytest.fixture(autouse=True)
def version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xla_flags, "_version", lambda: "2.21.0")
    monkeypatch.setenv("XLA_FLAGS", "")  # and so undone afterwards, whatever a test sets


def flags(monkeypatch: pytest.MonkeyPatch, given: str | None = None) -> str:
    if given is not None:
        monkeypatch.setenv("XLA_FLAGS", given)
    order_operations()
    return os.environ.get("XLA_FLAGS", "")


def test_operations_are_ordered_where_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert flags(monkeypatch) == f"{SCHEDULER}=false {COPIES}=true"


def test_flags_of_the_user_come_last(monkeypatch: pytest.MonkeyPatch) -> None:
    assert flags(monkeypatch, "--xla_dump_to=d") == f"{SCHEDULER}=false {COPIES}=true --xla_dump_to=d"


def test_a_value_of_the_user_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert flags(monkeypatch, f"{SCHEDULER}=true") == f"{COPIES}=true {SCHEDULER}=true"


def test_flags_are_added_once(monkeypatch: pytest.MonkeyPatch) -> None:
    once = flags(monkeypatch)
    assert flags(monkeypatch) == once


def test_a_file_of_flags_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert flags(monkeypatch, "flags.txt") == "flags.txt"


@pytest.mark.parametrize("installed", ["2.22.0", "3.0", ""])
def test_a_tensorflow_that_was_not_tried_gets_no_flags(monkeypatch: pytest.MonkeyPatch, installed: str) -> None:
    monkeypatch.setattr(xla_flags, "_version", lambda: installed)
    assert flags(monkeypatch) == ""
