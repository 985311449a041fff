from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rlkit.runs.finding import RunNotFound, find, runs_in


def make(out: Path, experiment: str, run_id: str, **told: Any) -> Path:
    folder = out / experiment / run_id
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"format": 1, "experiment": experiment, **told}))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    make(tmp_path, "pole", "20261101-100000-seed0")
    make(tmp_path, "pole", "20261103-100000-seed1")
    make(tmp_path, "car", "20261102-100000-seed0")
    return tmp_path


def test_runs_are_listed_newest_first(out: Path) -> None:
    runs, others = runs_in(out)
    assert [run.run_id[:8] for run in runs] == ["20261103", "20261102", "20261101"]
    assert others == ()
    assert [run.experiment for run in runs_in(out / "car").runs] == ["car"]


def test_a_folder_that_was_renamed_counts_from_when_its_run_json_was_written(out: Path) -> None:
    renamed = make(out, "pole", "my_best")
    os.utime(renamed / "run.json", (0, 1_900_000_000))
    assert runs_in(out).runs[0].run_id == "my_best"


def test_broken_and_foreign_folders_are_named_and_the_rest_is_listed(out: Path) -> None:
    (make(out, "pole", "20261104-100000-seed2") / "run.json").write_text('{"format": 1, "exper')
    (make(out, "pole", "20261105-100000-seed2") / "run.json").write_text(
        '{"format": 1, "experiment": "pole", "seed": "none"}'
    )
    (make(out, "pole", "20261106-100000-seed2") / "run.json").write_text('{"format": 9, "experiment": "pole"}')
    (out / "pole" / "notes").mkdir()
    (out / "empty").mkdir()
    (out / ".cache").mkdir()
    (out / "file").touch()
    runs, others = runs_in(out)
    assert len(runs) == 3
    empty, damaged, foreign, newer, notes = others
    assert empty == f"{out / 'empty'} is no run: it holds no run.json"
    assert damaged.endswith("seed2/run.json is damaged: it is no JSON")
    assert foreign.endswith("run.json does not describe a run of rlkit")
    assert newer.endswith("run.json has format 9; this version of rlkit reads format 1")
    assert notes == f"{out / 'pole' / 'notes'} is no run: it holds no run.json"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("last", "20261103-100000-seed1"),
        ("pole", "20261103-100000-seed1"),
        ("car", "20261102-100000-seed0"),
        ("20261101-100000-seed0", "20261101-100000-seed0"),
    ],
)
def test_a_run_is_found_by_what_people_call_it(out: Path, name: str, found: str) -> None:
    assert find(name, out).run_id == found


def test_a_run_is_found_by_its_folder(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = out / "car" / "20261102-100000-seed0"
    assert find(str(folder), out / "nowhere").folder == folder
    monkeypatch.chdir(folder)
    assert find(".", Path("runs")).run_id == folder.name
    monkeypatch.chdir(folder.parent)
    assert find(folder.name, Path("runs")).run_id == folder.name


def test_a_run_id_that_two_experiments_share_is_no_answer(out: Path) -> None:
    make(out, "car", "20261101-100000-seed0")
    with pytest.raises(RunNotFound, match=r"several runs are called '20261101-100000-seed0': .*car.*pole"):
        find("20261101-100000-seed0", out)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("poel", "no run 'poel' in {out}; did you mean 'pole'? experiments with runs: car, pole"),
        ("20261101-100000-sed0", "no run '20261101-100000-sed0' in {out}; did you mean '20261101-100000-seed0'?"),
        ("zzz", "no run 'zzz' in {out}; experiments with runs: car, pole"),
        ("./zzz", "zzz is no run: there is no such folder"),
        ("{out}/pole", "{out}/pole is no run: it holds no run.json"),
    ],
)
def test_an_unknown_run_is_answered_with_the_nearest(out: Path, name: str, message: str) -> None:
    with pytest.raises(RunNotFound) as caught:
        find(name.format(out=out), out)
    assert str(caught.value).startswith(message.format(out=out))


def test_no_runs_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunNotFound, match="there are no runs in"):
        find("last", tmp_path)
    with pytest.raises(RunNotFound, match=r"no folder .*nowhere to look for runs in"):
        find("last", tmp_path / "nowhere")


def test_finding_runs_needs_the_standard_library_only() -> None:
    program = "import sys, rlkit.runs.finding; print('numpy' in sys.modules or 'tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
