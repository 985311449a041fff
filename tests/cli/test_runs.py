from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rlkit.cli.main import main


def make(out: Path, experiment: str, run_id: str, **told: Any) -> Path:
    folder = out / experiment / run_id
    folder.mkdir(parents=True)
    facts = {"format": 1, "experiment": experiment, "seed": 0, "status": "finished", "solved": False}
    (folder / "run.json").write_text(json.dumps({**facts, **told}))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    solved = {"episodes": 265, "steps": 17222, "mean_return": 226.14, "mean_evaluation": 480.0}
    make(tmp_path, "pole", "20261101-101500-seed3", seed=3, solved=True, steps_per_second=15912.3, **solved)
    make(tmp_path, "pole", "20261102-090000-seed0", status="failed", episodes=2, steps=40)
    make(tmp_path, "car", "20261103-090000-seed0", status="running")
    return tmp_path


def table(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The printed rows, their columns one space apart."""
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_the_table_is_newest_first(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(out)]) == 0
    assert table(capsys) == [
        "run experiment seed status solved episodes steps mean evaluation steps/s when",
        "20261103-090000-seed0 car 0 running - - - - - - 2026-11-03 09:00",
        "20261102-090000-seed0 pole 0 failed no 2 40 - - - 2026-11-02 09:00",
        "20261101-101500-seed3 pole 3 finished yes 265 17,222 226.1 480.0 15,912 2026-11-01 10:15",
    ]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--experiment", "pole"], ["20261102", "20261101"]),
        (["--status", "running"], ["20261103"]),
        (["--solved"], ["20261101"]),
        (["--experiment", "car", "--solved"], []),
    ],
)
def test_filters_narrow_the_table(
    out: Path, options: list[str], found: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runs", str(out), *options]) == 0
    rows = table(capsys)
    assert [row[:8] for row in rows[1:]] == found
    assert found or rows == [f"no runs in {out} that fit"]


def test_json_holds_all_of_run_json_and_names_what_was_left_out(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "notes").mkdir()
    assert main(["runs", str(out), "--json", "--solved"]) == 0
    told = json.loads(capsys.readouterr().out)
    (run,) = told["runs"]
    assert (run["run"], run["seed"], run["mean_return"]) == ("20261101-101500-seed3", 3, 226.14)
    assert run["folder"] == str(out / "pole" / "20261101-101500-seed3")
    assert told["others"] == [f"{out / 'notes'} is no run: it holds no run.json"]


def test_a_broken_folder_is_named_beside_the_table(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "pole" / "20261102-090000-seed0" / "run.json").write_text("{")
    assert main(["runs", str(out)]) == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 3
    assert captured.err == f"left out: {out}/pole/20261102-090000-seed0/run.json is damaged: it is no JSON\n"


def test_a_misspelt_experiment_or_folder_exits_2(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(out), "--experiment", "poel"]) == 2
    assert "no run of 'poel'" in (message := capsys.readouterr().err)
    assert "did you mean 'pole'?" in message
    assert main(["runs", str(out / "nowhere")]) == 2
    assert "no folder" in capsys.readouterr().err


def test_hundreds_of_runs_are_listed_at_once_without_numpy(tmp_path: Path) -> None:
    for number in range(300):
        make(tmp_path, "pole", f"20261101-{number:06}-seed0", warnings=["a sentence of some length"] * 20)
    program = (
        "import sys, time; from rlkit.cli.main import main; began = time.process_time(); status = main(sys.argv[1:]); "
        "print(time.process_time() - began, file=sys.stderr); "
        "sys.exit(status or any(name in sys.modules for name in ('numpy', 'tensorflow', 'yaml', 'pluggy')))"
    )
    command = [sys.executable, "-c", program, "runs", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 301
    assert float(done.stderr) < 0.6  # 0.06 s measured; a shared machine may be ten times slower
