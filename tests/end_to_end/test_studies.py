"""A study by the command alone: run, killed, gone on with, compared; what is wrong with it is one message."""

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

STUDY = """\
study: toy
base: base.yaml
variants:
  epsilon: {}
  greedy: {exploration: greedy}
seeds: 2
compare: {measure: final}
"""
BASE = """\
name: base
environment: {name: gymnasium, id: CartPole-v1}
agent: {name: dqn, batch_size: 8}
network: {name: mlp, hidden: [4]}
limits: {steps: 1500}
evaluation: {episodes: 1}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "toy.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "rlkit", *words]


def rlkit(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(
        command(*words), cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def rows(study: Path) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """What each run of the plan recorded, but for the clock."""
    plan = json.loads((study / "plan.json").read_bytes())
    found = {}
    for run in plan["runs"]:
        lines = (study / run["folder"] / "episodes.jsonl").read_text(encoding="utf-8").splitlines()
        found[run["variant"], run["seed"]] = [{**json.loads(line), "seconds": 0} for line in lines]
    return found


def test_a_study_that_is_killed_goes_on_to_the_same_numbers_and_a_verdict(folder: Path) -> None:
    done = rlkit(folder, "study", "toy.yaml", "--jobs", "2", "--out", "whole")
    assert done.returncode == 0, done.stderr
    assert "greedy" in done.stdout and "Traceback" not in done.stdout + done.stderr
    assert (folder / "whole" / "toy" / "report.html").is_file()

    child = subprocess.Popen(command("study", "toy.yaml", "--jobs", "1", "--quiet"), cwd=folder)
    plan = folder / "runs" / "toy" / "plan.json"
    until = time.monotonic() + 120
    while time.monotonic() < until and not (plan.exists() and '"finished"' in plan.read_text(encoding="utf-8")):
        time.sleep(0.1)
    child.send_signal(signal.SIGKILL)
    child.wait()
    states = [run["state"] for run in json.loads(plan.read_bytes())["runs"]]
    assert "finished" in states and states.count("finished") < 4
    again = rlkit(folder, "study", "toy.yaml", "--jobs", "2")
    assert again.returncode == 0, again.stderr
    assert "are done already" in again.stdout
    assert rows(folder / "runs" / "toy") == rows(folder / "whole" / "toy")

    compared = rlkit(folder, "compare", "runs/toy", "--json")
    document = json.loads(compared.stdout)
    assert [verdict["a"] for verdict in document["verdicts"]] == ["epsilon"]
    assert any("2 seeds" in warning for warning in document["warnings"])
    listed = rlkit(folder, "runs", "runs/toy", "--json")
    assert {run["experiment"] for run in json.loads(listed.stdout)["runs"]} == {"epsilon", "greedy"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("study", "toi.yaml"), "toi.yaml: no such file; did you mean 'toy.yaml'?"),
        (("study", "toy.yaml", "--seeds", "3-1"), "which ends before it begins"),
        (("study", "toy.yaml", "--batch", "3"), "found --batch 3 without --until-decided"),
        (("study", "toy.yaml", "--measure", "final", "--normalize", "CartPol-v1=0:9"), "did you mean 'CartPole-v1'?"),
        (("study", "toy.yaml", "--jobs", "0"), "found --jobs 0; at least 1 is needed"),
        (("study", "toy.yaml", "--launcher", "lokal"), "did you mean 'local'?"),
        (("study", "toy.yaml", "--base", "none"), "found the base 'none'; variants: epsilon, greedy"),
        (("study", "toy.yaml", "--name", "../away"), "allowed: up to 80 letters"),
        (("compare", "runs/nothing"), "runs/nothing is no run: there is no such folder"),
        (("compare", "toy", "--normalize", "CartPole"), "write, for one, --normalize CartPole-v1=0:500"),
    ],
)
def test_what_cannot_be_is_one_message_and_nothing_runs(folder: Path, words: tuple[str, ...], told: str) -> None:
    done = rlkit(folder, *words)
    assert done.returncode == 2
    assert told in done.stderr and "Traceback" not in done.stderr
    assert not list(folder.glob("runs/toy/*/*/run.json"))
