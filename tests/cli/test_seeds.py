"""`rlkit run --seeds`, end to end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from rlkit.cli.main import main

SMALL = ["cartpole_dqn", "--set", "limits.episodes=5", "--set", "evaluation.episodes=1"]
ENDLESS = ["cartpole_dqn", "--set", "stop.threshold=1000000", "--set", "limits={steps_per_episode: 100, seconds: 180}"]


def manifests(out: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(out.rglob("run.json"))]


def children(pid: int) -> list[int]:
    """The worker processes of a process."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_a_line_a_seed_and_a_summary(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *SMALL, "--seeds", "4,2", "--out", str(tmp_path)]) == 0
    captured = capfd.readouterr()
    lines = captured.out.splitlines()
    assert lines[0] == f"cartpole_dqn: dqn on CartPole-v1, seeds 4, 2, in {tmp_path / 'cartpole_dqn'}"
    assert lines[1].startswith("seed 4  not solved         5 episodes")
    assert lines[2].startswith("seed 2  not solved         5 episodes")
    assert lines[3].startswith("seeds       2 not solved; ")
    assert captured.err == ""
    assert {told["seed"] for told in manifests(tmp_path)} == {2, 4}


def test_quiet_prints_the_summary_only(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one = ["--set", "limits.episodes=1"]
    assert main(["run", *SMALL, *one, "--seeds", "1", "--quiet", "--debug", "--out", str(tmp_path)]) == 0
    captured = capfd.readouterr()
    assert captured.out.startswith("seeds       1 not solved; ")
    assert captured.err == ""


@pytest.mark.parametrize(
    ("jobs", "number", "status", "reason"),
    [(1, signal.SIGINT, 130, "interrupted"), (2, signal.SIGTERM, 143, "ended by SIGTERM")],
)
def test_one_signal_ends_the_runs_cleanly_and_starts_no_more(
    jobs: int, number: int, status: int, reason: str, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "rlkit", "run", *ENDLESS, "--seeds", "4", "--jobs", str(jobs), "--out", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 90
    while sum(path.stat().st_size > 0 for path in tmp_path.rglob("episodes.jsonl")) < jobs:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    workers = children(process.pid)
    assert len(workers) == (jobs if jobs > 1 else 0)
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert err == ""
    ends = [(told["status"], told["stop_reason"]) for told in manifests(tmp_path)]
    assert ends == [("interrupted", reason)] * jobs
    assert all(told["weights"]["final"]["step"] == told["steps"] > 0 for told in manifests(tmp_path))
    assert f"seeds       {jobs} interrupted; " in out
    assert out.splitlines()[-1].startswith("not begun   seeds ")
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def test_a_launcher_that_is_named_carries_the_runs_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one = ["--set", "limits.episodes=1", "--launcher", "{name: local}", "--jobs", "1", "--debug"]
    assert main(["run", *SMALL, *one, "--seeds", "2", "--out", str(tmp_path)]) == 0
    assert capfd.readouterr().err == ""
    assert [told["status"] for told in manifests(tmp_path)] == ["finished"] * 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--seed", "1", "--seeds", "3"], "argument --seeds: not allowed with argument --seed"),
        (["--jobs", "2"], "found --jobs without --seeds"),
        (["--launcher", "local"], "found --launcher without --seeds"),
        (["--seeds", "3", "--launcher", "lcal"], "--launcher: found launcher 'lcal'; did you mean 'local'?"),
        (["--seeds", "3", "--jobs", "0"], "found 0 jobs; at least 1 is needed"),
        (["--seeds", "3,3"], "found the seed 3 twice"),
        (["--seeds", "ten"], "found 'ten' in the seeds 'ten'"),
        (["--seeds", "-2"], "found '-2' in the seeds '-2'"),
    ],
)
def test_what_makes_no_sense_is_one_sentence_and_exit_status_2(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *SMALL, *arguments, "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"rlkit: error: {said}")
    assert len(error.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_no_run_can_be_kept_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "runs").write_text("")
    for jobs in ("1", "2"):
        assert main(["run", *SMALL, "--seeds", "2", "--jobs", jobs, "--quiet", "--out", str(tmp_path / "runs")]) == 2
        assert capsys.readouterr().err.endswith(f"{tmp_path / 'runs'} is a file\n")


def test_help_explains_seeds_by_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help"]) == 0
    text = capsys.readouterr().out
    for part in ("--seeds SEEDS", "--jobs N", "--seeds 10 ", "--seeds 3,5,8-10 --jobs 2"):
        assert part in text
