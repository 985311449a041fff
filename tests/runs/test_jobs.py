"""Orders to the processes of many seeds, and their answers."""

from __future__ import annotations

import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

import rlkit
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.runs import jobs
from rlkit.runs.interrupt import Presses


def one_refuses(pipe: Connection, *_: Any) -> None:
    """Stands for a process whose seed 0 cannot be built; any other seed goes on until it is told to end."""
    seed, _folder = pipe.recv()
    if seed == 0:
        pipe.send(ExperimentError(Problem("toy.yaml:4:1", "exploration.schedule", "its value at step 0 is 7")))
    assert isinstance(pipe.recv(), (int, str))
    pipe.send("")


def tells_how_it_was_ended(pipe: Connection, *_: Any) -> None:
    """Stands for a process whose run goes on until it is told to end."""
    pipe.recv()
    pipe.send(f"ended by {signal.Signals(pipe.recv()).name}")


def test_a_file_that_only_building_can_refuse_is_refused_once_and_no_other_seed_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "work", one_refuses)
    with pytest.raises(ExperimentError, match=r"toy\.yaml:4:1: exploration\.schedule: its value at step 0 is 7"):
        list(jobs.in_processes(rlkit.load("cartpole_dqn"), range(4), 2, tmp_path, False, Presses()))
    assert len(list(tmp_path.rglob("run.json"))) == 2


def test_processes_are_told_the_signal_that_their_parent_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "work", tells_how_it_was_ended)
    presses = Presses()
    presses._handle(signal.SIGTERM, None)  # a signal of the test's own would end pytest if it came too early
    results = list(jobs.in_processes(rlkit.load("cartpole_dqn"), range(3), 2, tmp_path, False, presses))
    assert [(result.status, result.stop_reason) for result in results] == [("interrupted", "ended by SIGTERM")] * 2
