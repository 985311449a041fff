"""Ctrl-C, and the signals by which a scheduler or a terminal ends a program.

The first asks training or an evaluation to stop after the current step, the second stops at once, and ends the process
where the main thread does not hear it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

from rlkit.runs.stuck import Watch

SIGNALS = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)


class _Handled:
    """While entered in the main thread, handles these signals; those that are ignored (nohup) stay ignored."""

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}

    def enter(self, handle: Callable[[int, FrameType | None], None]) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, handle)

    def leave(self) -> None:
        for number, before in self._before.items():
            signal.signal(number, before if before is not None else signal.SIG_DFL)
        self._before.clear()


class Interrupt:
    """While entered, the first signal in the main thread sets `asked`, and `interrupted` on the loop.

    Where nobody listens, before and after training and evaluation, and at the second time, it raises KeyboardInterrupt.
    A process that hears neither the first nor the second ends some seconds later.
    """

    def __init__(self) -> None:
        self.asked = False
        self.signal = 0
        """The number of the first signal."""
        self.loop: Any = None
        """The loop that trains or is evaluated now: whoever runs it looks at `asked` or `loop.interrupted`."""
        self.farewell: Callable[[str], None] = lambda reason: None
        """Writes down the end of a process that is ended within a call that does not return."""
        self._heard = 0
        self._handled = _Handled()
        self._watch: Watch | None = None

    def __enter__(self) -> Self:
        self._handled.enter(self._handle)
        if threading.current_thread() is threading.main_thread():
            self._watch = Watch(SIGNALS, lambda: self._heard, lambda number: self.farewell(_reason(number)))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._watch is not None:
            self._watch.close()
        self._handled.leave()

    @property
    def reason(self) -> str:
        """In words, for run.json and people."""
        return _reason(self.signal)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.signal, self._heard = self.signal or number, self._heard + 1
        if self.asked or self.loop is None:
            self.asked = True
            raise KeyboardInterrupt
        self.asked = True
        self.loop.interrupted = True


def _reason(number: int) -> str:
    return "interrupted" if number in (0, signal.SIGINT) else f"ended by {signal.Signals(number).name}"


class Presses:
    """While entered in the main thread, counts these signals and does nothing else with them."""

    def __init__(self) -> None:
        self.count = 0
        self.signal = 0
        """The number of the first."""
        self._handled = _Handled()

    def __enter__(self) -> Self:
        self._handled.enter(self._handle)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._handled.leave()

    def ask(self) -> None:
        """As the first of them does, without a signal."""
        self.count = max(self.count, 1)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.signal = self.signal or number
        self.count += 1
