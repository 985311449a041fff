from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from rlkit.caching.protobuf import field_numbers
from rlkit.caching.xla_entries import drop, fetch, is_whole, keep, shrink

ENTRY = bytes([10, 2, 1, 2, 18, 1, 5, 26, 3, 7, 8, 9])
"""Fields 1, 2 and 3, each a string of bytes."""


@pytest.fixture
def working(tmp_path: Path) -> Path:
    folder = tmp_path / "working"
    folder.mkdir()
    return folder


def test_what_is_kept_is_fetched(tmp_path: Path, working: Path) -> None:
    (working / "one.pb").write_bytes(ENTRY)
    store = tmp_path / "store"
    assert keep(working, ["one.pb"], store) == {"one.pb"}
    assert [path.name for path in store.iterdir()] == [f"one.pb.{hashlib.sha256(ENTRY).hexdigest()}"]
    other = tmp_path / "other"
    other.mkdir()
    assert fetch(store, other) == {"one.pb"}
    assert (other / "one.pb").read_bytes() == ENTRY


def test_an_entry_cut_short_anywhere_is_not_kept(tmp_path: Path, working: Path) -> None:
    for length in range(len(ENTRY)):
        (working / f"{length}.pb").write_bytes(ENTRY[:length])
    assert keep(working, [path.name for path in working.iterdir()], tmp_path / "store") == set()
    assert list((tmp_path / "store").iterdir()) == []


def test_numbers_of_every_wire_type_are_passed_over() -> None:
    assert field_numbers(bytes([8, 0x96, 1, 17, *range(8), 29, *range(4), 34, 0])) == {1, 2, 3, 4}
    for broken in (bytes([8]), bytes([8, 0x80]), bytes([17, 0]), bytes([11])):
        with pytest.raises(ValueError, match=r"byte"):
            field_numbers(broken)
    assert not is_whole(b"")


def test_dropped_entries_are_gone(tmp_path: Path, working: Path) -> None:
    for name in ("one.pb", "two.pb"):
        (working / name).write_bytes(ENTRY)
    keep(working, ["one.pb", "two.pb"], tmp_path / "store")
    drop(["one.pb"], tmp_path / "store")
    assert [path.name.partition(".pb")[0] for path in (tmp_path / "store").iterdir()] == ["two"]


def test_the_oldest_go_first_until_the_rest_fits(tmp_path: Path) -> None:
    for age, name in enumerate(("c", "b", "a")):
        store = tmp_path / f"store {name}"
        store.mkdir()
        (store / name).write_bytes(bytes(100))
        os.utime(store / name, (1000 - age, 1000 - age))
    shrink(tmp_path, 250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store b", "store c"]
    shrink(tmp_path, 0)
    assert list(tmp_path.iterdir()) == []
