"""What submits jobs, asks how they are, and ends them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from rlkit import LauncherError, OrderFile
from rlkit_launchers.local_work import ONE_THREAD
from rlkit_launchers.slurm_job import Job

_LOOK_SECONDS = 60.0
"""From one question to SLURM's accounting to the next: it serves many people."""
_HURRY_SECONDS = 5.0
"""Where somebody waits for the end."""


class Batch(Protocol):
    """A batch system."""

    def __init__(self, folder: Path) -> None: ...

    def submit(self, files: Sequence[OrderFile], settings: dict[str, Any]) -> list[Job]:
        """A job for each file. Raises LauncherError."""

    def look(self, jobs: Sequence[Job], *, hurry: bool) -> None:
        """Take note of jobs that have ended."""

    def end(self, jobs: Sequence[Job], number: int, *, at_once: bool) -> None:
        """Have jobs hear a signal and end, or end them."""


class SlurmBatch:
    """SLURM, by the commands of a login node."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._looked = folder, time.monotonic()

    def submit(self, files: Sequence[OrderFile], settings: dict[str, Any]) -> list[Job]:
        """See `Batch`."""
        return _submitted(self._folder, "slurm", files, settings)

    def look(self, jobs: Sequence[Job], *, hurry: bool) -> None:
        """See `Batch`. One question for all."""
        if not jobs or time.monotonic() - self._looked < (_HURRY_SECONDS if hurry else _LOOK_SECONDS):
            return
        self._looked = time.monotonic()
        jobs[0].submitted.done(force_check=True)
        for job in jobs:
            if job.submitted.done():
                job.has_ended(str(job.submitted.watcher.get_state(job.submitted.job_id, mode="cache")))

    def end(self, jobs: Sequence[Job], number: int, *, at_once: bool) -> None:
        """See `Batch`. Jobs that have not begun are taken back."""
        arrays = sorted({str(job.submitted.job_id).partition("_")[0] for job in jobs})
        if at_once:
            _run("scancel", *arrays)
            return
        _run("scancel", "--state=PENDING", *arrays)
        _run("scancel", f"--signal={signal.Signals(number or signal.SIGTERM).name[3:]}", *arrays)


class LocalBatch:
    """Processes of this machine, started by submitit as it starts jobs."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._number = folder, 0
        self._told: set[int] = set()

    def submit(self, files: Sequence[OrderFile], settings: dict[str, Any]) -> list[Job]:
        """See `Batch`."""
        with _no_ctrl_c():
            return _submitted(self._folder, "local", files, settings, "--apart")

    def look(self, jobs: Sequence[Job], *, hurry: bool) -> None:
        """See `Batch`."""
        for job in jobs:
            if job.submitted.done():
                job.has_ended(str(job.submitted.state))
            elif self._number:
                self._tell(job)

    def end(self, jobs: Sequence[Job], number: int, *, at_once: bool) -> None:
        """See `Batch`. One that is just about to begin hears of it then."""
        self._number = signal.SIGKILL if at_once else number or signal.SIGTERM
        self._told.clear()
        deadline = time.monotonic() + 10.0
        while True:
            for job in jobs:
                self._tell(job)
            if not at_once or all(job.submitted.done() for job in jobs) or time.monotonic() > deadline:
                return
            time.sleep(0.1)

    def _tell(self, job: Job) -> None:
        if id(job) in self._told or job.process is None:
            return
        self._told.add(id(job))
        with contextlib.suppress(ProcessLookupError):
            os.kill(job.process[1], self._number)


def _submitted(
    folder: Path, cluster: str, files: Sequence[OrderFile], settings: dict[str, Any], *options: str
) -> list[Job]:
    import submitit

    try:
        executor = submitit.AutoExecutor(folder / "jobs", cluster=cluster)
        executor.update_parameters(**{name: value for name, value in settings.items() if value is not None})
        commands = [submitit.helpers.CommandFunction(command_of(file, *options), verbose=False) for file in files]
        submitted = executor.submit_array(commands)
    except (OSError, RuntimeError, ValueError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or getattr(error, "output", None) or error
        text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise LauncherError(f"launcher 'slurm' cannot submit jobs: {' '.join(text.split())[:400]}") from None
    return [Job(file, job) for file, job in zip(files, submitted, strict=True)]


def command_of(file: OrderFile, *options: str) -> list[str]:
    """The command line of a job, one thread for every library."""
    *python, path = file.command
    return ["env", *(f"{name}={value}" for name, value in ONE_THREAD.items()), *python, *options, path]


def _run(*command: str) -> None:
    """What a batch system refuses to end, because it has ended, is no error."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=False)


@contextlib.contextmanager
def _no_ctrl_c() -> Iterator[None]:
    """What is started within it does not hear the terminal: that is for the launcher to pass on."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
