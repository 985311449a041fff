"""Files of a run that was carried out elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rlkit_launchers import brought_back
from rlkit_launchers.brought_back import Damaged, Incoming, Told, read_pieces, told_of


def brought(there: Path, here: Path) -> int:
    """Bring everything back; how many packs it took."""
    files, _ = told_of(there)
    incoming, packs = Incoming(here, files), 0
    while pieces := incoming.wanted():
        incoming.add(read_pieces(there, pieces))
        packs += 1
    incoming.settle()
    incoming.close()
    return packs


@pytest.fixture
def there(tmp_path: Path) -> Path:
    folder = tmp_path / "there"
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    (folder / "checkpoints" / "final.npz").write_bytes(os.urandom(25))
    (folder / "empty.jsonl").write_bytes(b"")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_plain_files_come_back_those_below_other_folders_too(there: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    assert brought(there, here) == 1
    assert contents(here) == contents(there)
    assert sorted(path.name for path in here.iterdir()) == ["checkpoints", "empty.jsonl", "run.json"]


def test_a_large_file_comes_in_pieces(there: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought_back, "PACK_BYTES", 10)
    here = tmp_path / "here"
    here.mkdir()
    assert brought(there, here) == 4
    assert contents(here) == contents(there)


def test_links_and_pipes_stay_where_they_are_and_are_named(there: Path) -> None:
    (there / "latest").symlink_to("/etc")
    (there / "hosts").symlink_to("/etc/hosts")
    os.mkfifo(there / "checkpoints" / "pipe")
    files, others = told_of(there)
    assert [file.name for file in files] == ["empty.jsonl", "run.json", "checkpoints/final.npz"]
    assert sorted(others) == ["checkpoints/pipe", "hosts", "latest"]


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "", ".", "a\0b", ".incoming/x"])
def test_a_name_that_leads_outside_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="leads out of the run's folder"):
        Incoming(tmp_path, [Told(name, 1, "")])


def test_what_is_not_what_was_told_of_never_reaches_the_folder(there: Path, tmp_path: Path) -> None:
    files, _ = told_of(there)
    here = tmp_path / "here"
    here.mkdir()
    incoming = Incoming(here, files)
    pieces = incoming.wanted()
    (there / "run.json").write_text("[]")
    incoming.add(read_pieces(there, pieces))
    with pytest.raises(Damaged, match=r"run\.json does not match the SHA-256"):
        incoming.settle()
    incoming.close()
    assert list(here.iterdir()) == []


def test_a_piece_that_is_short_is_noticed(there: Path, tmp_path: Path) -> None:
    files, _ = told_of(there)
    incoming = Incoming(tmp_path, files)
    pieces = incoming.wanted()
    (there / "checkpoints" / "final.npz").write_bytes(b"1234567890")
    with pytest.raises(Damaged, match=r"final\.npz is 15 bytes short"):
        incoming.add(read_pieces(there, pieces))
