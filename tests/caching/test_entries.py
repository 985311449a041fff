"""Entries of the cache are whole and as written, or are none; what was used longest ago makes room."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from rlkit.caching.atomic import WriteError
from rlkit.caching.entries import (
    SUFFIX,
    DamagedEntry,
    entries_in,
    label_of,
    limit_bytes,
    make_room,
    read_entry,
    write_entry,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "programs" / f"one{SUFFIX}"


def test_an_entry_is_read_as_it_was_written(path: Path) -> None:
    content = bytes(range(256)) * 3 + b"\n\n"
    write_entry(path, content, "cartpole_dqn:\n dqn")
    assert read_entry(path) == content
    assert label_of(path) == "cartpole_dqn: dqn"


def test_where_there_is_no_entry_there_is_none(path: Path) -> None:
    assert read_entry(path) is None
    assert label_of(path) == ""


def test_any_flipped_bit_and_any_missing_end_is_noticed(path: Path) -> None:
    write_entry(path, b"some content", "label")
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with pytest.raises(DamagedEntry, match=r"SHA-256|no entry"):
            read_entry(path)
        path.write_bytes(whole[:place])
        with pytest.raises(DamagedEntry):
            read_entry(path)


def test_a_foreign_file_is_no_entry_and_has_no_label(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("something else\nof somebody's")
    with pytest.raises(DamagedEntry, match="no entry of this cache"):
        read_entry(path)
    assert label_of(path) == ""


def test_a_folder_in_an_entrys_place_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(DamagedEntry, match="cannot be read"):
        read_entry(path)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot write"):
        write_entry(tmp_path / "file" / f"one{SUFFIX}", b"", "")


def test_what_was_used_longest_ago_makes_room(tmp_path: Path) -> None:
    now = time.time()
    for age, name in enumerate(("newest", "middle", "oldest")):
        write_entry(tmp_path / f"{name}{SUFFIX}", b"x" * 1000, name)
        os.utime(tmp_path / f"{name}{SUFFIX}", (now - 60 * age, now - 60 * age))
    assert read_entry(tmp_path / f"oldest{SUFFIX}") is not None  # which makes it the one used last
    size = (tmp_path / f"newest{SUFFIX}").stat().st_size
    make_room(tmp_path, 2 * size)
    assert {file.path.stem for file in entries_in(tmp_path)} == {"newest", "oldest"}


def test_writing_makes_room_for_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RLKIT_CACHE_MB", "1")
    for number in range(4):
        path = tmp_path / f"{number}{SUFFIX}"
        write_entry(path, bytes(400_000), "")
        os.utime(path, (number, number))
    assert sum(file.size for file in entries_in(tmp_path)) <= limit_bytes() == 1_000_000
    assert read_entry(tmp_path / f"3{SUFFIX}") is not None


def test_other_files_stay_and_what_nobody_finished_goes(tmp_path: Path) -> None:
    write_entry(tmp_path / f"one{SUFFIX}", b"x", "")
    (tmp_path / "notes.txt").write_text("mine")
    abandoned, underway = (tmp_path / f".{name}{SUFFIX}.0badcafe.tmp" for name in ("old", "new"))
    abandoned.write_text("")
    underway.write_text("")
    os.utime(abandoned, (1, 1))
    make_room(tmp_path, 10**6)
    assert {path.name for path in tmp_path.iterdir()} == {f"one{SUFFIX}", "notes.txt", underway.name}
    make_room(tmp_path, 0)
    assert (tmp_path / "notes.txt").exists()


def _write_often(path: Path, letter: bytes) -> None:
    for _ in range(60):
        write_entry(path, letter * 50_000, letter.decode())


def test_processes_that_write_one_entry_at_once_leave_it_whole(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_often, args=(path, letter)) for letter in (b"a", b"b", b"c")]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        content = read_entry(path)
        if content is not None:
            assert len(content) == 50_000
            seen.add(content[:1])
            assert content == content[:1] * 50_000
    assert all(writer.exitcode == 0 for writer in writers)
    assert seen <= {b"a", b"b", b"c"} and seen
    assert [file.path for file in entries_in(path.parent)] == [path]
