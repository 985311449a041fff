"""Runs as jobs of SLURM, submitted by submitit."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from rlkit import Ended, Interrupts, LauncherError, Order, OrderFile, Orders, ParameterError, component, parameter
from rlkit_launchers.slurm_batch import Batch, LocalBatch, SlurmBatch
from rlkit_launchers.slurm_job import Job

_POLL_SECONDS = 0.5
_LARGEST_ARRAY = 1000
"""Jobs; SLURM's own default allows 1,001."""
_OWN = ("array", "error", "output", "requeue", "no-requeue", "signal")
"""Settings of sbatch that are not for people to change."""
_SETTING = re.compile(r"[a-z][a-z0-9-]*")


@component
class SlurmJobs:
    """Jobs of SLURM, in arrays, a core each. Needs the extra `slurm`, a login node, and a file system that all share.

    A job carries out some runs one after another, and writes into their folders itself. One that is ended from outside,
    by its time limit or for others, costs what it has not finished. A minute before its time limit its run is asked to
    end.
    """

    cluster: Literal["slurm", "local"] = parameter(
        default="slurm", doc="slurm, or local: the same jobs as processes of this machine, to try it out"
    )
    partition: str | None = parameter(default=None, doc="of the cluster; null for its default")
    minutes: int = parameter(default=60, doc="a job's time limit", at_least=2)
    memory: float = parameter(default=4.0, doc="a job's memory in GB", above=0)
    cpus: int = parameter(default=1, doc="a job's cores; a run uses one, unless its environment uses more", at_least=1)
    orders_per_job: int = parameter(
        default=1, doc="runs in a job, one after another; those of one experiment share programs", at_least=1
    )
    sbatch: Mapping[str, object] = parameter(
        default={}, doc="further settings of sbatch by their long names: {account: rl, qos: short, exclusive: true}"
    )

    def __post_init__(self) -> None:
        for name, value in self.sbatch.items():
            if name in _OWN or not _SETTING.fullmatch(name):
                raise ParameterError("sbatch", f"found {name!r}; allowed: sbatch's long names, {', '.join(_OWN)} aside")
            if not isinstance(value, (str, int, float)) or value is False:
                raise ParameterError("sbatch", f"found {value!r} as {name}; allowed: text, a number, true")

    def launch(self, orders: Orders, jobs: int | None, interrupts: Interrupts) -> Iterator[Ended]:
        """See `rlkit.Launcher`."""
        if find_spec("submitit") is None:
            raise LauncherError("launcher 'slurm' needs the package submitit: pip install 'rlkit-framework[slurm]'")
        if self.cluster == "slurm" and (missing := [name for name in ("sbatch", "srun") if not shutil.which(name)]):
            raise LauncherError(f"launcher 'slurm' finds no {' and no '.join(missing)}: is this a node of the cluster?")
        going = _Going(self, jobs)
        try:
            yield from going.carried_out(orders, interrupts)
        finally:
            going.close()

    def settings(self, parallel: int) -> dict[str, Any]:
        """What submitit is told."""
        told: dict[str, Any] = {"name": "rlkit", "timeout_min": self.minutes}
        if self.cluster == "local":
            return told
        own = {"signal": "TERM@60", "no-requeue": True, **self.sbatch}
        told |= {"mem_gb": self.memory, "cpus_per_task": self.cpus, "slurm_additional_parameters": own}
        return told | {"slurm_partition": self.partition, "slurm_array_parallelism": parallel}


class _Going:
    """The jobs that have been submitted."""

    def __init__(self, launcher: SlurmJobs, jobs: int | None) -> None:
        self._launcher, self._parallel = launcher, jobs
        if jobs is None and launcher.cluster == "local":
            self._parallel = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._jobs: list[Job] = []
        self._batch: Batch | None = None
        self._folder: Path | None = None
        self._written, self._lost = 0, False

    def carried_out(self, orders: Orders, interrupts: Interrupts) -> Iterator[Ended]:
        told = 0
        while True:
            if not interrupts.count:
                self._submit(orders)
            if not self._jobs:
                return
            if interrupts.count > told and self._batch is not None:
                told = interrupts.count
                self._batch.end(self._jobs, interrupts.signal, at_once=told > 1)
            if told > 1:
                break
            time.sleep(_POLL_SECONDS)
            assert self._batch is not None
            self._batch.look(self._jobs, hurry=told > 0)
            for job in list(self._jobs):
                for ended in job.ended(asked=interrupts.count > 0):
                    self._lost = self._lost or ended.died
                    yield ended
                if job.over:
                    self._jobs.remove(job)
        for job in self._jobs:
            yield from job.cut()
        self._jobs = []

    def close(self) -> None:
        """Cancel what goes on. What the jobs have said is kept only if one of them was lost."""
        if self._batch is not None and self._jobs:
            self._batch.end(self._jobs, 0, at_once=True)
        if self._folder is not None and not self._lost and not self._jobs:
            shutil.rmtree(self._folder, ignore_errors=True)
            with contextlib.suppress(OSError):  # others have theirs there
                self._folder.parent.rmdir()

    def _submit(self, orders: Orders) -> None:
        """Submit what waits, as far as so many may run at the same time."""
        while waiting := orders.waiting():
            room = _LARGEST_ARRAY if self._parallel is None else self._parallel - len(self._jobs)
            if room <= 0:
                return
            whole = self._launcher.cluster == "slurm"  # it holds back by itself what may not run yet
            share = self._launcher.orders_per_job
            if self._parallel is not None:
                share = min(share, -(-waiting // room))
            files = []
            for _ in range(_LARGEST_ARRAY if whole else room):
                if not (taken := _taken(orders, share)):
                    break
                files.append(self._write(taken))
            if not files:
                return
            assert self._folder is not None
            if self._batch is None:
                self._batch = (SlurmBatch if whole else LocalBatch)(self._folder)
            self._jobs += self._batch.submit(files, self._launcher.settings(min(room, len(files))))

    def _write(self, orders: list[Order]) -> OrderFile:
        if self._folder is None:
            stamp = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
            self._folder = orders[0].folder.parent / ".slurm" / stamp
        self._written += 1
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return OrderFile.write(self._folder / f"orders{self._written:05d}.json", orders)
        except OSError as error:
            raise LauncherError(f"launcher 'slurm' cannot write its orders: {error}") from None


def _taken(orders: Orders, count: int) -> list[Order]:
    """So many of the orders, of one experiment as far as there are others of it."""
    taken = list[Order]()
    while len(taken) < count and (order := orders.take(taken[-1] if taken else None)) is not None:
        taken.append(order)
    return taken
