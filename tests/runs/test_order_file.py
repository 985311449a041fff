"""Orders and answers as files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import rlkit
from rlkit import Ended, Order
from rlkit.experiment.resolved import to_yaml
from rlkit.runs.order_file import OrderFile, carry_out_file

ENDLESS = ["stop.threshold=1000000", "limits={steps_per_episode: 100, seconds: 180}", "recorders=[]"]


def orders(out: Path, *seeds: int, text: str = "name: toy\n") -> list[Order]:
    for seed in seeds:
        (out / str(seed)).mkdir(parents=True)
    return [Order(text, "toy.yaml", seed, out / str(seed)) for seed in seeds]


def test_orders_are_read_as_they_were_written(tmp_path: Path) -> None:
    written = [*orders(tmp_path, 0, 1), Order("name: other\n", "", 2, tmp_path / "2", debug=True)]
    OrderFile.write(tmp_path / "orders.json", written)
    assert OrderFile.read(tmp_path / "orders.json").orders == tuple(written)


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "orders.json").write_text('{"format": 2}')
    with pytest.raises(ValueError, match=r"orders\.json has format 2; this version of rlkit reads format 1"):
        OrderFile.read(tmp_path / "orders.json")


def test_each_order_is_answered_once_however_often_the_job_is_begun(tmp_path: Path) -> None:
    file = OrderFile.write(tmp_path / "orders.json", orders(tmp_path, 0, 1))
    assert file.answers() == []
    carry_out_file(file.path)
    first, second = file.answers()
    assert [first.ended.order.seed, second.ended.order.seed] == [0, 1]
    assert first.ended.problems and first.ended.problems[0].where.startswith("toy.yaml")
    assert file.process is not None and file.process[1] == os.getpid()
    carry_out_file(file.path)
    assert file.answers() == []


def test_a_run_that_had_begun_when_its_job_was_begun_anew_is_lost(tmp_path: Path) -> None:
    file = OrderFile.write(tmp_path / "orders.json", orders(tmp_path, 0, 1))
    (tmp_path / "0" / "run.json").write_text('{"status": "running"}')
    (tmp_path / "1" / ".reserve").write_bytes(bytes(10))
    carry_out_file(file.path)
    begun, other = (answer.ended for answer in file.answers())
    assert begun == Ended(file.orders[0], "its job was begun anew", died=True)
    assert other.problems and not other.died


def test_an_answer_that_is_not_whole_yet_is_left_for_later(tmp_path: Path) -> None:
    file = OrderFile.write(tmp_path / "orders.json", orders(tmp_path, 0))
    line = b'{"order": 0, "reason": "", "died": false, "problems": [], "interrupted": ""}\n'
    file.answers_path.write_bytes(line[:30])
    assert file.answers() == []
    file.answers_path.write_bytes(line)
    assert [answer.ended for answer in file.answers()] == [Ended(file.orders[0])]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR2])
def test_a_job_whose_time_is_nearly_over_ends_its_run_cleanly_and_begins_no_other(
    number: signal.Signals, tmp_path: Path
) -> None:
    text = to_yaml({**rlkit.load("cartpole_dqn", ENDLESS).resolved, "seed": 0})
    file = OrderFile.write(tmp_path / "orders.json", orders(tmp_path, 0, 1, text=text))
    job = subprocess.Popen(file.command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 90
    rows = tmp_path / "0" / "episodes.jsonl"
    while not (rows.exists() and rows.stat().st_size):
        assert time.monotonic() < deadline and job.poll() is None
        time.sleep(0.05)
    job.send_signal(number)
    assert job.communicate(timeout=60)[1] == ""
    (answer,) = file.answers()
    assert answer.interrupted == "ended by SIGTERM"
    assert not answer.ended.died and (tmp_path / "0" / "checkpoints" / "final.npz").exists()
    assert list((tmp_path / "1").iterdir()) == []


def test_a_job_whose_parent_is_killed_ends(tmp_path: Path) -> None:
    text = to_yaml({**rlkit.load("cartpole_dqn", ENDLESS).resolved, "seed": 0})
    file = OrderFile.write(tmp_path / "orders.json", orders(tmp_path, 0, text=text))
    parent = subprocess.Popen(
        [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])", *file.command]
    )
    deadline = time.monotonic() + 90
    while not file.answers_path.exists():
        assert time.monotonic() < deadline and parent.poll() is None
        time.sleep(0.05)
    file.answers()
    assert file.process is not None
    parent.kill()
    parent.wait()
    while Path(f"/proc/{file.process[1]}/exe").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
