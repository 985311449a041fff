"""The launcher: where the runs of a study, or of many seeds, are carried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Order:
    """One run to be carried out. All of it is plain text and numbers, so that it can be sent anywhere."""

    experiment: str
    """The resolved experiment as YAML. Runs of one experiment have the same text, whatever their seed."""
    source: str
    """The file that the experiment was read from, as the person named it: what its paths are relative to."""
    seed: int
    folder: Path
    """The run's folder, which is there and empty. A launcher that works elsewhere brings the files back into it."""
    debug: bool = False
    """Run all graph code eagerly."""


@dataclass(frozen=True)
class Problem:
    """What only building the parts can tell of an experiment: it is then wrong for every seed."""

    where: str
    path: str
    """The dotted key it is about."""
    message: str


@dataclass(frozen=True)
class Ended:
    """A run that is over, one way or another; how it went stands in its folder."""

    order: Order
    reason: str = ""
    """Why its folder may not tell how it ended, in words: its process died, its machine was lost."""
    died: bool = False
    """The run was lost through no fault of its own, as far as anybody knows: it may be worth another try."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the experiment. None of its runs can be carried out."""


class Orders(Protocol):
    """The runs that wait. They may become more while others are carried out."""

    def take(self, after: Order | None = None) -> Order | None:
        """The next run, for one who carries it out now; None if none waits.

        Args:
            after: what was carried out in the same place before: a run of the same experiment, whose programs are
                ready there, goes first.
        """

    def waiting(self) -> int:
        """How many wait."""


class Interrupts(Protocol):
    """What people and schedulers ask for."""

    @property
    def count(self) -> int:
        """At 1 the runs that go on are asked to end, and no other begins; at 2 they are ended at once."""

    @property
    def signal(self) -> int:
        """The number of the signal that asked first; 0 if none did."""


class LauncherError(Exception):
    """A launcher that can carry out nothing: what it needs is not installed, nobody answers. Its text is for people."""


class Launcher(Protocol):
    """Carries out runs somewhere: in processes of this machine, on a cluster.

    One whose runs share this machine's memory may say so by a class attribute `here = True`: before anything begins, it
    is then asked whether so many runs fit.
    """

    def launch(self, orders: Orders, jobs: int | None, interrupts: Interrupts) -> Iterator[Ended]:
        """Carry out what waits, and yield each run as it ends; over when none waits and none goes on.

        Whoever iterates may add to `orders` between two that are yielded. Closing the iterator leaves nothing behind.

        Args:
            orders: to be taken from as places become free.
            jobs: runs at the same time at most; None for as many as there is room for.
            interrupts: to be looked at several times a second.

        Raises:
            LauncherError: it can carry out nothing, or nothing more.
        """
