"""The process that does one run after another for the launcher `local`, and ends with its parent."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from rlkit import Order

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

END = "end"
"""Sent instead of an order: end when idle. The number of a signal ends the run that goes on, too."""

SIGNALS = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
"""What a worker must find in its environment: libraries read it when they are loaded."""


def work(pipe: Connection, core: int | None) -> None:
    """Carry out one order after another on one core; answers each with its `rlkit.Ended`."""
    from rlkit import order_runner  # what it needs is not for those who only list plugins

    _apart(core)
    orders: SimpleQueue[Order | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, orders), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt, OSError):  # the parent sees the end of a worker, and settles its run
        carry_out = order_runner()
        while (order := orders.get()) is not None:
            pipe.send(carry_out(order))
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _apart(core: int | None) -> None:
    """Leave the terminal's session, whose Ctrl-C is for the parent to pass on; stay on one core."""
    if hasattr(os, "setsid"):
        os.setsid()
    if core is not None:
        os.sched_setaffinity(0, {core})
    if hasattr(signal, "pthread_sigmask"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # one that came before we were apart is not for us
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for number in SIGNALS:
        if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def _listen(pipe: Connection, orders: SimpleQueue[Order | None]) -> None:
    """Take orders while a run goes on; a parent that is gone has interrupted everything."""
    import _thread

    order: Any = signal.SIGINT
    with contextlib.suppress(EOFError, OSError):
        while isinstance(order := pipe.recv(), Order):
            orders.put(order)
            order = signal.SIGINT
    if order != END:
        _thread.interrupt_main(order)
    orders.put(None)
