"""The process that does one run after another for `rlkit.runs.jobs`, and ends with its parent."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import warnings
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from rlkit.runs.interrupt import SIGNALS

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from rlkit.experiment.nodes import MapNode

END = "end"
"""An order beside `(seed, folder)`: end when idle. The number of a signal ends the run that goes on, too."""

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
"""What a worker must find in its environment: libraries read it when they are loaded."""


def work(pipe: Connection, core: int | None, document: MapNode, source: str, debug: bool) -> None:
    """Run the experiment that a document describes, with one seed after another, on one core.

    Answers each order with why the run failed: a sentence, empty where its folder tells how it ended, or the
    ExperimentError that its file deserves.
    """
    _apart(core)
    orders: SimpleQueue[tuple[int, str] | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, orders), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt, OSError):  # the parent sees the end of a worker, and settles its run
        run = _runner(document, source, debug)
        while (order := orders.get()) is not None:
            pipe.send(run(*order))
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _runner(document: MapNode, source: str, debug: bool) -> Any:
    """A function that runs a seed into a folder."""
    from rlkit.experiment.errors import ExperimentError, without_causes
    from rlkit.experiment.loading import again, with_seed
    from rlkit.faults.authors import one_line
    from rlkit.loops.reused_programs import ReusedPrograms
    from rlkit.runs.folder import RunFolder
    from rlkit.runs.result import RunFailed
    from rlkit.runs.run import carry_out

    programs, experiment = ReusedPrograms(), None

    def run(seed: int, folder: str) -> str | ExperimentError:
        nonlocal experiment
        try:
            if experiment is None:
                with warnings.catch_warnings(action="ignore"):  # the parent checked it too, and has told them
                    experiment = again(document, source)
            one = with_seed(experiment, seed)
            carry_out(one, RunFolder(Path(folder)), quiet=True, debug=debug, programs=programs)
        except RunFailed:
            return ""
        except ExperimentError as error:
            return without_causes(error)
        except Exception as error:
            return one_line(error)
        return ""

    return run


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


def _listen(pipe: Connection, orders: SimpleQueue[tuple[int, str] | None]) -> None:
    """Take orders while a run goes on; a parent that is gone has interrupted everything."""
    import _thread

    order: Any = signal.SIGINT
    with contextlib.suppress(EOFError, OSError):
        while isinstance(order := pipe.recv(), tuple):
            orders.put(order)
            order = signal.SIGINT
    if order != END:
        _thread.interrupt_main(order)
    orders.put(None)
