from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rlkit.cli.main import main
from rlkit.runs.folder import FolderError, RunFolder, absolute


def test_a_run_id_says_when_and_with_which_seed(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "runs", "cartpole", 7)
    assert re.fullmatch(r"\d{8}-\d{6}-seed7", folder.run_id)
    assert folder.path == tmp_path / "runs" / "cartpole" / folder.run_id
    assert folder.path.is_dir()


def test_runs_that_start_in_the_same_second_get_folders_of_their_own(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda _: RunFolder.create(tmp_path, "cartpole", 0), range(24)))
    assert len({folder.path for folder in folders}) == 24
    assert any(folder.run_id.endswith("-seed0-2") for folder in folders)


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    file = tmp_path / "runs"
    file.write_text("")
    with pytest.raises(FolderError, match=rf"^cannot make a run folder in {file}/deeper: {file} is a file$"):
        RunFolder.create(file / "deeper", "cartpole", 0)


def test_an_experiment_named_as_a_file_of_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cartpole").write_text("")
    with pytest.raises(FolderError, match="cartpole is a file"):
        RunFolder.create(tmp_path, "cartpole", 0)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that refuses even root")
def test_a_place_that_cannot_be_written_is_one_sentence() -> None:
    with pytest.raises(FolderError, match=r"^cannot make a run folder in /proc/rlkit: \w"):
        RunFolder.create(Path("/proc/rlkit"), "cartpole", 0)


def test_a_relative_place_needs_the_working_folder_and_an_absolute_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert absolute(tmp_path / "runs") == tmp_path / "runs"
    said = "cannot make a run folder in runs: the working folder is gone"
    with pytest.raises(FolderError, match=f"^{said}$"):
        RunFolder.create(Path("runs"), "cartpole", 0)
    assert main(["run", "cartpole_dqn"]) == 2
    assert capsys.readouterr().err == f"rlkit: error: {said}\n"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../up", "/root"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FolderError, match="cannot name a folder"):
        RunFolder.create(tmp_path / "runs", name, 0)
    assert list(tmp_path.iterdir()) == []


def test_the_files_of_a_run_are_written_and_replaced_whole(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "cartpole", 0)
    folder.write_manifest({"status": "running", "steps_per_second": float("nan")})
    folder.write_manifest({"status": "finished", "steps_per_second": 1.5})
    folder.write_experiment("name: cartpole\n")
    folder.write_error("ε\n")
    assert json.loads((folder.path / "run.json").read_text()) == {"status": "finished", "steps_per_second": 1.5}
    folder.make_room()
    assert sorted(path.name for path in folder.path.iterdir()) == ["error.txt", "experiment.yaml", "run.json"]
    assert (folder.path / "error.txt").read_text(encoding="utf-8") == "ε\n"
