"""A job that was submitted, and the runs that it owes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from rlkit import Answer, Ended, Order, OrderFile

_GRACE_SECONDS = 3.0
"""For what a job has written last to be seen from here, on a file system of a network."""


class Job:
    """Its answers come by a file; that it has ended without them, from the batch system."""

    def __init__(self, file: OrderFile, submitted: Any) -> None:
        self.file, self.submitted = file, submitted
        """The latter is submitit's."""
        self.state = ""
        """How it has ended, in the batch system's word; empty while it may go on."""
        self._since = 0.0
        self._read: list[Answer] = []
        self._owed: list[Order] = list(file.orders)

    @property
    def over(self) -> bool:
        """Every run has been told of."""
        return not self._owed

    @property
    def process(self) -> tuple[str, int] | None:
        """The host and the number of its process, if that has begun."""
        self._read += self.file.answers()
        return self.file.process

    def has_ended(self, state: str) -> None:
        """Take note of what the batch system says."""
        if not self.state:
            self.state, self._since = state or "UNKNOWN", time.monotonic()

    def ended(self, *, asked: bool) -> Iterator[Ended]:
        """The runs that have ended since the last time.

        Args:
            asked: the job has been told to end.
        """
        answers, self._read = [*self._read, *self.file.answers()], []
        for answer in answers:
            ended = answer.ended
            self._owed.remove(ended.order)
            if answer.interrupted and not asked:
                ended = Ended(ended.order, f"its job was stopped: {answer.interrupted}", died=True)
            yield ended
        if answers:
            self._since = time.monotonic()
        elif self.state and time.monotonic() - self._since > _GRACE_SECONDS:
            yield from self._lost(f"its job {self.submitted.job_id} ended as {self.state} (see {self._log})")

    def cut(self) -> Iterator[Ended]:
        """The runs that are waited for no longer."""
        yield from self._lost("ended at once")

    def _lost(self, reason: str) -> Iterator[Ended]:
        owed, self._owed = self._owed, []
        for order in owed:
            yield Ended(order, reason, died=True)

    @property
    def _log(self) -> str:
        return str(self.submitted.paths.stderr)
