"""What would not fit memory or disk is refused before anything runs, at the parameter that is to blame."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from rlkit import Experiment, ExperimentError, load
from rlkit.replay.of_experiment import needed_bytes, replay_bytes
from rlkit.runs import memory
from rlkit.runs.needs import check_needs

MIB = 2**20


@pytest.fixture(autouse=True)
def _a_small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 MiB of memory, and as much of disk."""
    monkeypatch.setattr(memory, "available_bytes", lambda: 100 * MIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=100 * MIB))


def cartpole(*assignments: str) -> Experiment:
    """A step takes 42 bytes: two observations of 16, and 10 of action, reward and ends."""
    return load("cartpole_dqn", assignments)


def problems(experiment: Experiment, *, copies: int = 1) -> list[tuple[str, str]]:
    with pytest.raises(ExperimentError) as refused:
        check_needs(experiment, Path("no", "such", "folder"), copies=copies)
    return [(problem.path, problem.message) for problem in refused.value.problems]


def test_what_fits_passes() -> None:
    check_needs(cartpole(), Path("runs"))


def test_a_ring_beyond_memory_is_told_with_both_sizes() -> None:
    assert problems(cartpole("buffer.capacity=10_000_000")) == [
        ("buffer.capacity", "the ring of 10,000,000 rows needs 401 MiB of memory, and 100 MiB is available")
    ]


def test_runs_at_the_same_time_need_a_ring_each() -> None:
    experiment = cartpole("buffer.capacity=1_000_000")
    check_needs(experiment, Path("runs"), copies=2)
    assert problems(experiment, copies=3) == [
        ("buffer.capacity", "the ring of 1,000,000 rows, 3 times, needs 120 MiB of memory, and 100 MiB is available")
    ]


def test_a_ring_on_disk_is_held_against_the_disk_and_what_stays_in_memory_against_memory() -> None:
    disk = "the ring of {} rows needs {} on the disk of the folder no/such/folder, and 100 MiB is free"
    ring = "buffer={name: uniform, storage: disk, capacity: %s}"
    check_needs(cartpole(ring % "3_000_000"), Path("runs"))
    assert problems(cartpole(ring % "5_000_000")) == [("buffer.capacity", disk.format("5,000,000", "153 MiB"))]
    assert problems(cartpole(ring % "3_000_000_000")) == [
        ("buffer.capacity", disk.format("3,000,000,000", "89.4 GiB")),
        ("buffer.capacity", "the ring of 3,000,000,000 rows needs 27.9 GiB of memory, and 100 MiB is available"),
    ]


def test_a_sample_beyond_memory_is_the_batch_s_fault() -> None:
    experiment = cartpole("buffer.capacity=2_000_000", "agent.batch_size=1_000_000")
    said = "a sample of 1,000,000 rows, beside the ring of 2,000,000 rows (buffer.capacity), needs 120 MiB of memory"
    assert problems(experiment) == [("agent.batch_size", f"{said}, and 100 MiB is available")]


def test_every_environment_needs_a_row() -> None:
    experiment = dataclasses.replace(cartpole(), spaces=cartpole().spaces._replace(environments=60_000))
    said = "found 50000; allowed: at least 60000, a row for each of so many environments"
    assert problems(experiment) == [("buffer.capacity", said)]


def test_what_the_ring_takes_is_what_it_takes_in_both_places() -> None:
    experiment = cartpole("buffer={name: uniform, storage: disk, capacity: 1000}")
    assert needed_bytes(experiment)[:2] == (10_000, 32_000)
    assert replay_bytes(experiment) == 42_000
    assert needed_bytes(cartpole("buffer.capacity=1000", "agent.n_step=3", "agent.batch_size=10")) == (
        42_000,
        0,
        10 * 3 * 42,
    )
