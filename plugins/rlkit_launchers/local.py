"""Runs in processes of this machine, each with a core of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from multiprocessing.connection import wait

from rlkit import Ended, Interrupts, Orders, component
from rlkit_launchers.local_process import Process
from rlkit_launchers.local_work import END

_POLL_SECONDS = 0.2
"""How soon a Ctrl-C is passed on."""


@component
class LocalProcesses:
    """Processes of this machine, as many as there are cores unless `--jobs` says otherwise, each kept on its own core.

    A process does one run after another, and those of one experiment share their programs. One that dies costs the run
    that it had; another takes its place.
    """

    here = True

    def launch(self, orders: Orders, jobs: int | None, interrupts: Interrupts) -> Iterator[Ended]:
        """See `rlkit.Launcher`."""
        count = jobs or len(_cores()) or 1
        processes = [Process(core) for core in _shared_out(count)]
        try:
            yield from _carried_out(processes, orders, interrupts)
        finally:
            for process in processes:
                if not process.order:
                    process.send(END)
            for process in processes:
                process.leave()


def _carried_out(processes: list[Process], orders: Orders, interrupts: Interrupts) -> Iterator[Ended]:
    told = False
    while True:
        if not interrupts.count:
            _begin(processes, orders)
        busy = [process for process in processes if process.order]
        if not busy:
            return
        ready = wait([end for process in busy for end in process.ends()], _POLL_SECONDS)
        if interrupts.count > 1:
            break
        if interrupts.count and not told:
            told = True
            for process in busy:
                process.send(interrupts.signal or signal.SIGINT)
        for process in busy:
            if any(end in ready for end in process.ends()):
                yield process.ended()
    for process in processes:
        if process.order:
            process.kill()
            yield process.ended()


def _begin(processes: list[Process], orders: Orders) -> None:
    """Give every idle process a run, as far as there are any."""
    for process in processes:
        if process.order is None and (order := orders.take(process.before)) is not None:
            process.begin(order)


def _cores() -> list[int]:
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))


def _shared_out(count: int) -> list[int | None]:
    """A core for each of so many processes, in turn; None where none can be chosen."""
    cores = _cores() if hasattr(os, "sched_setaffinity") else []
    return [cores[place % len(cores)] if cores else None for place in range(count)]
