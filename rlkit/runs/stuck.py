"""The end of a process whose main thread hears no signal: it is within a call of a library that does not return."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Collection

PATIENCE_SECONDS = 10.0
"""From the second signal on: a program that XLA compiles, for one, may return."""
_SAID = b"rlkit: interrupted; what was going on did not return, so its process was ended\n"


class Watch:
    """Python's own handlers wait for the main thread; what the system itself tells of signals is read by another."""

    def __init__(self, signals: Collection[int], heard: Callable[[], int], farewell: Callable[[int], None]) -> None:
        """
        Args:
            signals: that count.
            heard: how many of them the main thread has heard.
            farewell: told the first one's number, before the process ends with it.
        """
        self._signals, self._heard, self._farewell = signals, heard, farewell
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._over = threading.Event()
        threading.Thread(target=self._listen, name="rlkit signals", daemon=True).start()

    def close(self) -> None:
        """Watch no more. In the main thread."""
        signal.set_wakeup_fd(self._before)
        self._over.set()
        self._writer.close()

    def _listen(self) -> None:
        told: list[int] = []
        with contextlib.suppress(OSError), self._reader:
            while numbers := self._reader.recv(64):
                told += [number for number in numbers if number in self._signals]
                if len(told) > 1 and not self._over.wait(PATIENCE_SECONDS) and self._heard() < len(told):
                    self._end(told[0])

    def _end(self, number: int) -> None:
        with contextlib.suppress(Exception):  # whatever it says, the process ends
            self._farewell(number)
        with contextlib.suppress(OSError):
            os.write(2, _SAID)
        os._exit(128 + number)
