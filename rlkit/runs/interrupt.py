"""Ctrl-C: the first asks training to stop after the current step, the second stops at once."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Interrupt:
    """While entered, SIGINT in the main thread sets `interrupted` on the loop.

    Where there is no loop, before and after training, and at the second time, it raises KeyboardInterrupt as ever.
    """

    def __init__(self) -> None:
        self.asked = False
        self.loop: Any = None
        """The loop that trains now."""
        self._before: Any = None
        self._here = False

    def __enter__(self) -> Interrupt:
        self._here = threading.current_thread() is threading.main_thread()
        if self._here:
            self._before = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._here:
            signal.signal(signal.SIGINT, self._before)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.asked or self.loop is None:
            self.asked = True
            raise KeyboardInterrupt
        self.asked = True
        self.loop.interrupted = True


class Presses:
    """While entered in the main thread, counts SIGINTs and does nothing else with them."""

    def __init__(self) -> None:
        self.count = 0
        self._here = False
        self._before: Any = None

    def __enter__(self) -> Presses:
        self._here = threading.current_thread() is threading.main_thread()
        if self._here:
            self._before = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._here:
            signal.signal(signal.SIGINT, self._before)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
