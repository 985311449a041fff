"""The command that lists and clears what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rlkit.caching.entries import SUFFIX, write_entry
from rlkit.cli.main import main


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("RLKIT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def filled(cache: Path) -> Path:
    write_entry(cache / "programs" / f"{'a1' * 32}{SUFFIX}", bytes(123_000), "cartpole_dqn: dqn")
    (cache / "programs" / "notes.txt").write_text("somebody's own")
    (cache / "xla" / "deeper").mkdir(parents=True)
    (cache / "xla" / "deeper" / "compiled").write_bytes(bytes(2_000_000))
    (cache / "allowed").mkdir()
    (cache / "allowed" / "b2.json").write_bytes(bytes(2000))
    return cache


def test_an_empty_cache_is_told_and_not_made(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == str(cache)
    assert printed[1].startswith("programs  0 files, 0 kB")
    assert printed[2] == "xla       0 files, 0 kB"
    assert main(["cache", "--clear"]) == 0
    assert capsys.readouterr().out == f"nothing is kept in {cache}\n"
    assert not cache.exists()


def test_entries_are_listed_with_their_size_and_what_they_are_of(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cache"]) == 0
    _, programs, entry, xla, allowed = capsys.readouterr().out.splitlines()
    assert programs.startswith("programs  1 file, 123 kB, at most 512.0 MB")
    assert entry.split()[:3] == ["a1a1a1a1a1a1", "123", "kB"] and entry.endswith("cartpole_dqn: dqn")
    assert xla == "xla       1 file, 2.0 MB"
    assert allowed == "allowed   1 file, 2 kB"


def test_json_holds_the_same(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["folder"] == str(filled)
    assert [(entry["label"], entry["bytes"] > 123_000) for entry in told["programs"]] == [("cartpole_dqn: dqn", True)]
    assert [entry["bytes"] for entry in told["xla"]] == [2_000_000]
    assert [entry["bytes"] for entry in told["allowed"]] == [2000]


def test_clearing_removes_what_is_ours_and_nothing_else(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "--clear"]) == 0
    assert capsys.readouterr().out == f"removed 3 files, 2.1 MB from {filled}\n"
    assert [path for path in filled.rglob("*") if path.is_file()] == [filled / "programs" / "notes.txt"]
