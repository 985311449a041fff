"""What a process of this machine hears."""

from __future__ import annotations

import signal
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from rlkit import Order
from rlkit_launchers import local_work as worker

ORDER = Order("name: toy", "toy.yaml", 3, Path("folder"))


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
        ((ORDER, signal.SIGTERM), signal.SIGTERM),
        ((signal.SIGHUP,), signal.SIGHUP),
        ((ORDER,), signal.SIGINT),
        ((ORDER, worker.END), None),
    ],
)
def test_the_signal_of_the_order_is_raised_and_a_parent_that_is_gone_stands_for_ctrl_c(
    orders: tuple[Any, ...], heard: int | None
) -> None:
    numbers: list[int] = []
    before = {number: signal.signal(number, lambda number, _: numbers.append(number)) for number in worker.SIGNALS}
    waiting: SimpleQueue[Order | None] = SimpleQueue()
    try:
        worker._listen(Told(*orders), waiting)  # type: ignore[arg-type]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert numbers == ([] if heard is None else [heard])
    assert [waiting.get() for _ in range(waiting.qsize())] == [order for order in orders if order is ORDER] + [None]
