"""The runs that wait to be carried out, and those that are."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rlkit.contracts.launcher import Order
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.loading import with_seed
from rlkit.experiment.resolved import to_yaml
from rlkit.runs.folder import RunFolder


@dataclass(frozen=True, eq=False)
class Wanted:
    """A run that somebody wants."""

    experiment: Experiment
    """Its own seed plays no part."""
    seed: int
    out: Path
    """Where its folder is made: `out/<experiment>/<run id>/`."""
    debug: bool = False

    @property
    def seeded(self) -> Experiment:
        """The experiment with the run's seed."""
        return with_seed(self.experiment, self.seed)


class OrderQueue:
    """See `rlkit.Orders`. A run's folder is made when it is taken."""

    def __init__(self, began: Callable[[Wanted, RunFolder], None] = lambda wanted, folder: None) -> None:
        """`began` is told of each run that is taken."""
        self._waiting: deque[Wanted] = deque()
        self._began = began
        self._taken: dict[Order, Wanted] = {}
        self._texts: dict[int, tuple[Experiment, str]] = {}

    def add(self, wanted: Wanted, *, first: bool = False) -> None:
        """Have it carried out after those that wait, or before them."""
        (self._waiting.appendleft if first else self._waiting.append)(wanted)

    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def clear(self) -> None:
        """Nothing waits any more."""
        self._waiting.clear()

    def take(self, after: Order | None = None) -> Order | None:
        """See `rlkit.Orders`.

        Raises:
            FolderError: the run's folder cannot be made.
        """
        if not self._waiting:
            return None
        same = (wanted for wanted in self._waiting if after and self._text(wanted.experiment) == after.experiment)
        wanted = next(same, self._waiting[0])
        self._waiting.remove(wanted)
        folder = RunFolder.create(wanted.out, wanted.experiment.name, wanted.seed)
        experiment = wanted.experiment
        order = Order(self._text(experiment), experiment.source, wanted.seed, folder.path, wanted.debug)
        self._taken[order] = wanted
        self._began(wanted, folder)
        return order

    def settled(self, order: Order) -> Wanted:
        """What was wanted of an order that is over."""
        return self._taken.pop(order)

    def give_up(self) -> None:
        """Nothing waits any more, and what was taken is not carried out: folders of which nobody made use go."""
        self.clear()
        for order in self._taken:
            RunFolder(order.folder).make_room()
            with contextlib.suppress(OSError):  # something is in it
                order.folder.rmdir()

    def _text(self, experiment: Experiment) -> str:
        if id(experiment) not in self._texts:
            self._texts[id(experiment)] = experiment, to_yaml({**experiment.resolved, "seed": 0})
        return self._texts[id(experiment)][1]
