"""What becomes of the runs that a launcher carries out."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import rlkit
from rlkit import Ended, ExperimentError, Interrupts, LauncherError, Order, Orders, Problem
from rlkit.experiment.experiment import Experiment
from rlkit.runs.interrupt import Presses
from rlkit.runs.launched import launched
from rlkit.runs.orders import OrderQueue, Wanted


class OneAtATime:
    """Carries nothing out: every run ends as it is told."""

    def __init__(self, ends: dict[int, Ended] | None = None) -> None:
        self.ends, self.took = ends or {}, list[Order]()

    def launch(self, orders: Orders, jobs: int | None, interrupts: Interrupts) -> Iterator[Ended]:
        """See `rlkit.Launcher`."""
        before = None
        while not interrupts.count and (order := orders.take(before)) is not None:
            self.took.append(order)
            before = order
            told = self.ends.get(order.seed, Ended(order))
            yield Ended(order, told.reason, told.died, told.problems)


def queue_of(out: Path, *runs: tuple[Experiment, int]) -> OrderQueue:
    queue = OrderQueue()
    for experiment, seed in runs:
        queue.add(Wanted(experiment, seed, out))
    return queue


def test_a_file_that_only_building_can_refuse_is_refused_once_at_its_place_and_no_other_run_begins(
    tmp_path: Path,
) -> None:
    experiment = rlkit.load("cartpole_dqn")
    wrong = Problem("cartpole_dqn:1:1", "optimizer.learning_rate", "its value at step 0 is 7")
    launcher = OneAtATime({1: Ended(Order("", "", 1, tmp_path), problems=(wrong,))})
    queue = queue_of(tmp_path, *((experiment, seed) for seed in range(4)))
    runs = launched(queue, launcher, 1, Presses())
    with pytest.raises(ExperimentError, match=r"\.yaml:8:\d+: optimizer\.learning_rate: its value at step 0 is 7"):
        list(runs)
    assert [order.seed for order in launcher.took] == [0, 1]


def test_runs_of_the_experiment_whose_programs_are_ready_go_first(tmp_path: Path) -> None:
    one, other = rlkit.load("cartpole_dqn"), rlkit.load("cartpole_dqn", ["agent.gamma=0.9"])
    launcher = OneAtATime()
    list(launched(queue_of(tmp_path, (one, 0), (other, 0), (one, 1), (other, 1)), launcher, 1, Presses()))
    texts = [order.experiment for order in launcher.took]
    assert texts == [texts[0], texts[0], texts[2], texts[2]] and texts[0] != texts[2]
    assert all(order.folder.is_dir() for order in launcher.took)


def test_a_run_that_was_lost_has_failed_and_says_that_it_died(tmp_path: Path) -> None:
    lost = Ended(Order("", "", 0, tmp_path), "its process was killed by signal 9", died=True)
    (settled,) = launched(queue_of(tmp_path, (rlkit.load("cartpole_dqn"), 0)), OneAtATime({0: lost}), 1, Presses())
    assert settled.died
    assert (settled.result.status, settled.result.stop_reason) == ("failed", "its process was killed by signal 9")
    assert sorted(path.name for path in settled.result.folder.iterdir()) == ["error.txt", "run.json"]


class Refused:
    """Takes an order, and finds that it can carry out nothing."""

    def launch(self, orders: Orders, jobs: int | None, interrupts: Interrupts) -> Iterator[Ended]:
        """See `rlkit.Launcher`."""
        assert orders.take()
        raise LauncherError("nobody answers")
        yield


def test_a_launcher_that_can_carry_out_nothing_leaves_no_folder_of_a_run(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, (rlkit.load("cartpole_dqn"), 0))
    with pytest.raises(LauncherError, match="nobody answers"):
        list(launched(queue, Refused(), 1, Presses()))
    assert list(tmp_path.rglob("*")) == [tmp_path / "cartpole_dqn"]


def test_nothing_begins_after_a_signal(tmp_path: Path) -> None:
    presses = Presses()
    presses._handle(signal.SIGTERM, None)  # a signal of the test's own would end pytest if it came too early
    queue = queue_of(tmp_path, (rlkit.load("cartpole_dqn"), 0))
    assert not list(launched(queue, OneAtATime(), 1, presses))
    assert not list(tmp_path.iterdir())
