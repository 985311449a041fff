"""The process that is connected to a Ray cluster, seen from the launcher that started it.

Ray takes signals, environment variables and standard error of a process for itself, and cannot be asked to stop waiting
for a cluster. In a process of its own, apart from the terminal's session, it disturbs nobody, and neither Ctrl-C nor a
signal to a group of processes reaches it or the cluster that it started: runs hear of it from the launcher, and end in
peace. It ends with its parent.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from typing import Any

from rlkit_launchers.ray_work import work

_PATIENCE_SECONDS = 20.0
"""For it to leave places tidy, and to shut down a cluster of its own."""


class Driver:
    """Asks one thing after another; each is to be answered, but for its last."""

    def __init__(self, address: str | None, cores: int, jobs: int | None) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, address, cores, jobs))
        self._process.start()
        theirs.close()

    def poll(self, seconds: float) -> bool:
        """Whether it asks something, or has ended."""
        return self._pipe.poll(seconds)

    def hear(self) -> tuple[str, Any]:
        """What it asks. Raises EOFError if it has ended."""
        heard: tuple[str, Any] = self._pipe.recv()
        return heard

    def answer(self, answer: object) -> None:
        """Tell it what it asked."""
        self._pipe.send(answer)

    def kill(self) -> None:
        """End it at once; a cluster that it started ends with it."""
        self._process.kill()

    def leave(self) -> None:
        """Have it end, and wait for that."""
        with contextlib.suppress(OSError):
            self._pipe.close()
        self._process.join(_PATIENCE_SECONDS)
        self._process.kill()
        self._process.join()
        self._process.close()
