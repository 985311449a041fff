"""Runs of one experiment spread over processes, each with a core of its own."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

from rlkit.experiment.errors import ExperimentError
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.loading import with_seed
from rlkit.runs.folder import RunFolder
from rlkit.runs.interrupt import Presses
from rlkit.runs.result import Result
from rlkit.runs.settling import settle
from rlkit.runs.worker import END, ONE_THREAD, work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

_POLL_SECONDS = 0.2
"""How soon a Ctrl-C is passed on."""
_PATIENCE_SECONDS = 5.0
"""For a process to end by itself, having nothing left to do."""


def in_processes(
    experiment: Experiment, seeds: Sequence[int], jobs: int, out: Path, debug: bool, presses: Presses
) -> Generator[Result]:
    """Run the seeds in `jobs` processes; yields each result as its run ends.

    The first Ctrl-C interrupts the runs that go on, and no other begins; the second kills their processes. A run whose
    process dies has failed, and a new process takes its place. None is left when the iterator is closed.

    Raises:
        ExperimentError: what only building can tell of the file, which is then wrong for every seed.
    """
    waiting, workers = deque(seeds), [_Worker(experiment, place, debug) for place in range(jobs)]
    with presses:
        told, wrong = False, None
        try:
            for worker in workers:
                worker.begin(waiting.popleft(), out)
            while busy := [worker for worker in workers if worker.busy]:
                ready = wait([end for worker in busy for end in worker.ends()], _POLL_SECONDS)
                if presses.count > 1:
                    break
                if (presses.count or wrong) and not told:
                    told = True
                    waiting.clear()
                    for worker in busy:
                        worker.send(presses.signal or signal.SIGINT)
                for worker in busy:
                    if not any(end in ready for end in worker.ends()):
                        continue
                    result = worker.ended("interrupted" if told else "failed")
                    wrong = wrong or worker.wrong
                    if not wrong:
                        yield result
                    if waiting and not wrong:
                        worker.begin(waiting.popleft(), out)
                    else:
                        worker.send(END)
            for worker in workers:
                if worker.busy:
                    worker.kill()
                    result = worker.ended("interrupted")
                    if not wrong:
                        yield result
        finally:
            for worker in workers:
                worker.leave()
    if wrong:
        raise wrong


class _Worker:
    """A process that does one run after another, seen from its parent."""

    def __init__(self, experiment: Experiment, place: int, debug: bool) -> None:
        self._experiment, self._debug = experiment, debug
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        self._core = cores[place % len(cores)] if cores else None
        self._process: SpawnProcess | None = None
        self._run: tuple[int, RunFolder] | None = None
        self.wrong: ExperimentError | None = None
        """Why no seed of the experiment can be run, once a run has told."""

    @property
    def busy(self) -> bool:
        """A run goes on, or its end has not been taken note of."""
        return self._run is not None

    def begin(self, seed: int, out: Path) -> None:
        """Have it run a seed; in a new process if there is none, or it has died."""
        if self._process is None or not self._process.is_alive():
            self.leave()
            self._start()
        folder = RunFolder.create(out, self._experiment.name, seed)
        self._run = seed, folder
        self.send((seed, str(folder.path)))

    def ends(self) -> tuple[Connection, int]:
        """What becomes ready when the run has ended, or the process."""
        assert self._process is not None
        return self._pipe, self._process.sentinel

    def ended(self, otherwise: str) -> Result:
        """The result of the run that is over; if its process died with it, it stands as `otherwise`."""
        assert self._run is not None
        seed, folder = self._run
        self._run, reason = None, None
        with contextlib.suppress(EOFError, OSError):
            reason = self._pipe.recv() if self._pipe.poll() else None
        if isinstance(reason, ExperimentError):
            self.wrong, reason = reason, str(reason)
        elif reason is None:
            reason = "interrupted" if otherwise == "interrupted" else self._death()
        return settle(folder, with_seed(self._experiment, seed), otherwise, reason)

    def send(self, order: object) -> None:
        """Give an order: a seed and its folder, END, or the number of a signal to end by."""
        with contextlib.suppress(OSError):  # it has died: that shows when it is waited for
            self._pipe.send(order)

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
        self._process.join(0 if self.busy else _PATIENCE_SECONDS)
        self.kill()
        self._process.close()
        self._process = None

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        document, source = self._experiment.document, self._experiment.source
        self._process = context.Process(target=work, args=(theirs, self._core, document, source, self._debug))
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
