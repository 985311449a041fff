"""A place in a Ray cluster, seen from where it is used: its actor, and the run that it has."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import Any

from rlkit import Ended, Order
from rlkit_launchers.brought_back import Damaged, Incoming
from rlkit_launchers.ray_place import RayPlace, Report

PASSED_ON = ("RLKIT_ALLOW_IMPORTS", "RLKIT_NO_CACHE")
"""Variables of this process that say what its runs may do."""
MOST_TRIES = 3
"""Of starting an actor, one after the other, before its place is given up."""


class Seat:
    """Free, or busy with a run: first it goes on, then its files come back."""

    def __init__(self, ray: Any, warn: Callable[[str], None]) -> None:
        self._ray, self._warn = ray, warn
        self._actor: Any = None
        self._ready, self._failed = False, 0
        self._report: Report | None = None
        self._incoming: Incoming | None = None
        self.failure = ""
        """Why the actor did not start the last time."""
        self.awaited: Any = None
        """The answer that the actor owes."""
        self.order: Order | None = None
        """The run that goes on, or whose end has not been told."""
        self.before: Order | None = None
        """The run before, whose programs are ready there."""

    @property
    def alive(self) -> bool:
        """There is an actor, or one has been asked for."""
        return self._actor is not None

    @property
    def free(self) -> bool:
        """A run may begin here, now."""
        return self._ready and self.order is None

    @property
    def given_up(self) -> bool:
        """No actor starts here."""
        return self._failed >= MOST_TRIES

    def start(self) -> None:
        """Ask for an actor: it comes to be where a core is free."""
        place = self._ray.remote(num_cpus=1, max_restarts=0, max_concurrency=2)(RayPlace)
        self._actor = place.remote({name: os.environ[name] for name in PASSED_ON if name in os.environ}, os.getcwd())
        self.awaited = self._actor.where.remote()

    def begin(self, order: Order) -> None:
        """Have a run carried out."""
        self.order, self._report, self._incoming = order, None, None
        self.awaited = self._actor.carry_out.remote(order)

    def tell(self, number: int) -> None:
        """Have the run that goes on hear a signal."""
        if self._report is None:
            self._actor.tell.remote(number)

    def advance(self) -> Ended | None:
        """Take the answer that is there; the run, if it is over."""
        answered, self.awaited = self.awaited, None
        try:
            answer = self._ray.get(answered)
        except self._ray.exceptions.RayError as error:
            return self._lost(error)
        if not self._ready:
            self._ready, self._failed = True, 0
            return None
        assert self.order is not None
        try:
            return self._taken(answer)
        except Damaged as damage:
            return self._over(f"its files did not come back whole: {damage}", died=True)
        except OSError as error:
            return self._over(f"its files cannot be written here: {error.strerror or error}")

    def cut(self) -> Ended:
        """The run that goes on is waited for no longer."""
        return self._over("ended at once", died=True)

    def leave(self) -> Any:
        """Have the actor leave nothing behind; what it answers when it is done."""
        if not self._ready:
            return None
        with contextlib.suppress(self._ray.exceptions.RayError):
            return self._actor.leave.remote()

    def kill(self) -> None:
        """End the actor, or take back that it was asked for."""
        if self._incoming is not None:
            self._incoming.close()
        if self._actor is not None:
            with contextlib.suppress(Exception):  # it is gone, or the connection is
                self._ray.kill(self._actor)
        self._actor, self._ready, self.awaited, self.before = None, False, None, None

    def _taken(self, answer: Any) -> Ended | None:
        """A report, then what was wanted of the files that it tells of."""
        assert self.order is not None
        if self._report is None:
            self._report = Report(*answer)
            self._incoming = Incoming(self.order.folder, self._report.files)
        else:
            assert self._incoming is not None
            self._incoming.add(answer)
        assert self._incoming is not None
        if pieces := self._incoming.wanted():
            self.awaited = self._actor.read.remote(pieces)
            return None
        self._incoming.settle()
        if self._report.others:
            left = ", ".join(self._report.others)
            self._warn(f"{self.order.folder}: left where they were, being no plain files: {left}")
        return self._over(self._report.reason, died=self._report.died)

    def _over(self, reason: str, *, died: bool = False) -> Ended:
        assert self.order is not None
        order, self.order, self.before = self.order, None, self.order
        problems = self._report.problems if self._report else ()
        if self._incoming is not None:
            self._incoming.close()
        self._report = self._incoming = None
        return Ended(order, reason, died, problems)

    def _lost(self, error: Exception) -> Ended | None:
        """The actor is gone, with what it had."""
        why, began = _in_words(error), self._ready
        self.kill()
        if not began:
            self._failed, self.failure = self._failed + 1, why
            return None
        if self.order is None:
            return None
        self._report = None
        ended = self._over(f"its place in the Ray cluster was lost: {why}", died=True)
        self.before = None
        return ended


def _in_words(error: Exception) -> str:
    """The last line of what Ray says of it, which is often a page."""
    if type(error).__name__ == "ActorUnavailableError":
        return "its machine or its process no longer answers"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__
