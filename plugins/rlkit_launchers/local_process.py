"""A process that does one run after another, seen from its parent."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rlkit import Ended, Order
from rlkit_launchers.local_work import ONE_THREAD, work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

_PATIENCE_SECONDS = 5.0
"""For a process to end by itself, having nothing left to do."""


class Process:
    """Begins with its first run, and anew with the next one where it has ended."""

    def __init__(self, core: int | None) -> None:
        self._core = core
        self._process: SpawnProcess | None = None
        self.order: Order | None = None
        """The run that goes on, or whose end has not been taken note of."""
        self.before: Order | None = None
        """The run before, whose programs are ready there."""

    def begin(self, order: Order) -> None:
        """Have it carry out a run; in a new process if there is none, or it has ended."""
        if self._process is None or not self._process.is_alive():
            self.leave()
            self._start()
        self.order = order
        self.send(order)

    def ends(self) -> tuple[Connection, int]:
        """What becomes ready when the run has ended, or the process."""
        assert self._process is not None
        return self._pipe, self._process.sentinel

    def ended(self) -> Ended:
        """The run that is over."""
        order = self.order
        assert order is not None
        self.order, self.before = None, order
        with contextlib.suppress(EOFError, OSError):
            ended = self._pipe.recv() if self._pipe.poll() else None
            if isinstance(ended, Ended):
                return ended
        self.before = None
        return Ended(order, self._death(), died=True)

    def send(self, message: object) -> None:
        """An order, END, or the number of a signal to end by."""
        if self._process is None:
            return
        with contextlib.suppress(OSError):  # it has died: that shows when it is waited for
            self._pipe.send(message)

    def kill(self) -> None:
        """End the process at once."""
        assert self._process is not None
        self._process.kill()
        self._process.join()

    def leave(self) -> None:
        """Leave no process behind."""
        if self._process is None:
            return
        self._pipe.close()
        self._process.join(0 if self.order else _PATIENCE_SECONDS)
        self.kill()
        self._process.close()
        self._process, self.before = None, None

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, self._core))
        with _as_a_worker_begins():
            self._process.start()
        theirs.close()

    def _death(self) -> str:
        assert self._process is not None
        self._process.join(_PATIENCE_SECONDS)
        code = self._process.exitcode
        if code is None:
            return "its process no longer answers"
        return f"its process was killed by signal {-code}" if code < 0 else f"its process ended with exit status {code}"


@contextlib.contextmanager
def _as_a_worker_begins() -> Iterator[None]:
    """What a new process inherits: one thread for every library, and no Ctrl-C before it can hear one."""
    blocked = hasattr(signal, "pthread_sigmask")
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if blocked else None
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
