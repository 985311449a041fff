"""A place in a Ray cluster: an actor that has one run after another carried out, on a machine that may share nothing.

The actor itself loads no library of an experiment. Its runs have a process of their own, whose main thread can hear
signals, and which may crash without the actor.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import socket
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import NamedTuple

from rlkit import Order, Problem
from rlkit_launchers.brought_back import Piece, Told, read_pieces, told_of
from rlkit_launchers.local_process import Process

_PREFIX = "rlkit-ray-place-"


class Report(NamedTuple):
    """A run that is over, as far as its machine knows; see `rlkit.Ended`."""

    reason: str
    died: bool
    problems: tuple[Problem, ...]
    files: tuple[Told, ...]
    others: tuple[str, ...]
    """Names of what is no plain file, and stays where it is."""


class RayPlace:
    """The actor's class; two of its methods may run at the same time."""

    def __init__(self, environment: Mapping[str, str], working_folder: str) -> None:
        """
        Args:
            environment: variables for the runs.
            working_folder: of whoever launches; entered where this machine has it too, so that relative paths hold.
        """
        os.environ.update(environment)
        with contextlib.suppress(OSError):
            os.chdir(working_folder)
        _remove_left_folders()
        self._runs = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = _locked(self._runs)
        self._folder = self._runs
        self._process = Process(core=None)

    def where(self) -> str:
        """The machine's name."""
        return socket.gethostname()

    def carry_out(self, order: Order) -> Report:
        """Carry out a run in a folder of this machine; returns when it has ended."""
        self._forget()
        self._folder = self._runs / order.folder.parent.name / order.folder.name
        self._folder.mkdir(parents=True)
        self._process.begin(dataclasses.replace(order, folder=self._folder))
        wait(self._process.ends())
        ended = self._process.ended()
        files, others = told_of(self._folder)
        return Report(ended.reason, ended.died, ended.problems, tuple(files), tuple(others))

    def tell(self, number: int) -> None:
        """Have the run that goes on hear a signal."""
        if self._process.order:
            self._process.send(number)

    def read(self, pieces: Sequence[Piece]) -> list[bytes]:
        """Parts of the files of the run that was carried out last."""
        return read_pieces(self._folder, pieces)

    def leave(self) -> None:
        """End what goes on, at once, and leave no file behind."""
        with contextlib.suppress(OSError, AssertionError, ValueError):  # it may be ending just now
            self._process.kill()
        shutil.rmtree(self._runs, ignore_errors=True)

    def _forget(self) -> None:
        if self._folder != self._runs:
            shutil.rmtree(self._folder, ignore_errors=True)


def _locked(folder: Path) -> int | None:
    """Hold a folder as long as this process lives: a file's handle, or None where another holds it."""
    handle = os.open(folder / ".held", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        os.close(handle)
        return None
    return handle


def _remove_left_folders() -> None:
    """Remove the folders of actors that were killed on this machine."""
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        with contextlib.suppress(OSError):  # another person's
            if (handle := _locked(folder)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(handle)
