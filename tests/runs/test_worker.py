"""What a process of many seeds hears, and what it answers."""

from __future__ import annotations

import pickle
import signal
from queue import SimpleQueue
from typing import Any

import pytest

import rlkit
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.runs import run, worker


class Told:
    """A pipe with these orders, whose other end is then closed."""

    def __init__(self, *orders: Any) -> None:
        self.orders = list(orders)

    def recv(self) -> Any:
        if not self.orders:
            raise EOFError
        return self.orders.pop(0)


@pytest.mark.parametrize(
    ("orders", "heard"),
    [
        (((3, "folder"), signal.SIGTERM), signal.SIGTERM),
        ((signal.SIGHUP,), signal.SIGHUP),
        (((3, "folder"),), signal.SIGINT),
        (((3, "folder"), worker.END), None),
    ],
)
def test_the_signal_of_the_order_is_raised_and_a_parent_that_is_gone_stands_for_ctrl_c(
    orders: tuple[Any, ...], heard: int | None
) -> None:
    numbers: list[int] = []
    before = {number: signal.signal(number, lambda number, _: numbers.append(number)) for number in worker.SIGNALS}
    waiting: SimpleQueue[tuple[int, str] | None] = SimpleQueue()
    try:
        worker._listen(Told(*orders), waiting)  # type: ignore[arg-type]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert numbers == ([] if heard is None else [heard])
    assert [waiting.get() for _ in range(waiting.qsize())] == [order for order in orders if order == (3, "folder")] + [
        None
    ]


def test_what_is_wrong_with_the_file_is_answered_as_such_and_can_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        class Local(Exception):
            """Of a class that the other process cannot import."""

        raise ExperimentError(Problem("toy.yaml:4:1", "optimizer", "its value at step 0 is -1", Local()))

    monkeypatch.setattr(run, "carry_out", refuse)
    experiment = rlkit.load("cartpole_dqn")
    answer = worker._runner(experiment.document, experiment.source, debug=False)(0, "folder")
    received = pickle.loads(pickle.dumps(answer))
    assert isinstance(received, ExperimentError)
    assert str(received) == "toy.yaml:4:1: optimizer: its value at step 0 is -1"
