"""A named pipe or a device in the place of a file is refused at once, whoever reads it, and never waited for."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest

from rlkit.experiment.errors import ExperimentError
from rlkit.experiment.regular_files import check_regular, read_bytes
from rlkit.experiment.source import find, read_text
from rlkit.replay.rows_manifest import RowsError
from rlkit.replay.saved_rows import open_rows
from rlkit.runs.finding import RunNotFound, read_run
from rlkit.runs.reading import read_rows
from rlkit.runs.weights import WeightsError, load_weights

PIPE = "it is a named pipe; allowed: a regular file"


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"what it holds")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert read_bytes(tmp_path / "link") == b"what it holds"
    check_regular(tmp_path)  # a folder, whose own error is plainer


def test_a_device_and_a_socket_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OSError, match="it is a device"):
        read_bytes(Path("/dev/zero"))
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        with pytest.raises(OSError, match="it is a socket"):
            read_bytes(Path("socket"))


def test_an_experiment_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ExperimentError, match=f"pipe.yaml: cannot be read: {PIPE}"):
        read_text(find(str(tmp_path / "pipe.yaml")), "pipe.yaml")


@pytest.mark.parametrize("name", ["rows.npz", "rows.json"])
def test_rows(tmp_path: Path, name: str) -> None:
    (tmp_path / "rows.npz").touch()
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    with pytest.raises(RowsError, match=f"cannot read .*{name}.*: {PIPE}"):
        open_rows(tmp_path)


def test_files_of_a_run(tmp_path: Path) -> None:
    for name in ("run.json", "episodes.jsonl", "final.json"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(RunNotFound, match=f"run.json cannot be read: {PIPE}"):
        read_run(tmp_path)
    with pytest.raises(OSError, match=PIPE):
        read_rows(tmp_path / "episodes.jsonl")
    with pytest.raises(WeightsError, match=f"final.json, the manifest of final.npz: {PIPE}"):
        load_weights(tmp_path / "final.npz")
    shutil.rmtree(tmp_path)
