"""Orders to processes of this machine, and their answers."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from rlkit import Ended, Order
from rlkit.runs.interrupt import Presses
from rlkit_launchers import local_process
from rlkit_launchers.local import LocalProcesses
from rlkit_launchers.local_work import END


class Waiting:
    """Orders that wait, as `rlkit.Orders`."""

    def __init__(self, folder: Path, *seeds: int) -> None:
        self.orders = [Order("name: toy", "toy.yaml", seed, folder) for seed in seeds]

    def take(self, after: Order | None = None) -> Order | None:
        """The next."""
        return self.orders.pop(0) if self.orders else None

    def waiting(self) -> int:
        """How many."""
        return len(self.orders)


def tells_how_it_was_ended(pipe: Connection, *_: Any) -> None:
    """Stands for a process whose run goes on until it is told to end."""
    order = pipe.recv()
    pipe.send(Ended(order, f"ended by {signal.Signals(pipe.recv()).name}"))


def dies_of_seed_0(pipe: Connection, *_: Any) -> None:
    """Stands for a process whose library crashes."""
    while (order := pipe.recv()) != END:
        if order.seed == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        pipe.send(Ended(order))


def test_processes_are_told_the_signal_that_their_parent_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_process, "work", tells_how_it_was_ended)
    presses, orders = Presses(), Waiting(tmp_path, 0, 1, 2)
    take = orders.take

    def take_and_press(after: Order | None = None) -> Order | None:
        order = take(after)
        if orders.waiting() == 1:
            presses._handle(signal.SIGTERM, None)
        return order

    orders.take = take_and_press  # type: ignore[method-assign]
    ended = list(LocalProcesses().launch(orders, 2, presses))
    assert [end.reason for end in ended] == ["ended by SIGTERM"] * 2
    assert orders.waiting() == 1


def test_a_process_that_dies_costs_the_run_that_it_had_and_another_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_process, "work", dies_of_seed_0)
    ended = list(LocalProcesses().launch(Waiting(tmp_path, 0, 1), 1, Presses()))
    assert [(end.order.seed, end.died, end.reason) for end in ended] == [
        (0, True, "its process was killed by signal 9"),
        (1, False, ""),
    ]
