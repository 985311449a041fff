"""The stop criteria of one run: asked in their order, and held to their contract."""

from __future__ import annotations

from typing import Any

import numpy as np

from rlkit.catalogue.faults import shown
from rlkit.contracts.stop import History, Stop, Stopped
from rlkit.experiment.experiment import Experiment
from rlkit.faults.authors import one_line, where
from rlkit.faults.place import place_of


class StopFault(Exception):
    """A stop criterion that raised or broke its contract. The message is a whole sentence."""


class StopCriteria:
    """The criteria with their names in the experiment file."""

    def __init__(self, experiment: Experiment) -> None:
        self._criteria = [(experiment.catalogue.entry_of(stop).name, stop) for stop in experiment.stop]
        self._described = False
        self.fault: StopFault | None = None
        """Of a criterion that was asked for its status."""

    def met(self, history: History) -> Stopped | None:
        """What the first criterion says that is met. Raises StopFault, also for what `status` came upon."""
        if self.fault is not None:
            raise self.fault
        if not self._described:  # or it might be asked for the first time at the end of a long run
            self.describe(history)
        for name, stop in self._criteria:
            answer = _ask(name, stop, "met", history)
            if answer is not None:
                stopped = _checked(name, stop, answer)
                self.describe(history)
                return stopped
        return None

    def describe(self, history: History) -> str:
        """How far they are, in words; empty if none says. Raises StopFault."""
        self._described = True
        words = []
        for name, stop in self._criteria:
            if hasattr(stop, "describe"):
                answer = _ask(name, stop, "describe", history)
                if not isinstance(answer, str):
                    raise _broken(name, stop, "describe", f"returned {shown(answer)}", "text")
                words.append(answer)
        return "; ".join(words)

    def status(self, history: History) -> str:
        """`describe` for a recorder, which is not to blame for a criterion: a fault is kept for `met` to raise."""
        try:
            return self.describe(history)
        except StopFault as fault:
            self.fault = fault
            return ""


def _ask(name: str, stop: Stop, method: str, history: History) -> Any:
    try:
        return getattr(stop, method)(history)
    except (Exception, SystemExit) as error:
        place = where(error) or _place(stop, method)
        raise StopFault(f"stop criterion {name} failed in its {method}: {one_line(error)} ({place})") from error


def _checked(name: str, stop: Stop, answer: object) -> Stopped:
    if not isinstance(answer, Stopped):
        raise _broken(name, stop, "met", f"returned {shown(answer)}", "rlkit.Stopped, or None where training goes on")
    reason, solved = answer
    if not isinstance(reason, str):
        raise _broken(name, stop, "met", f"returned a Stopped with the reason {shown(reason)}", "text")
    if not isinstance(solved, (bool, np.bool_)):
        raise _broken(name, stop, "met", f"returned a Stopped with solved={shown(solved)}", "a bool")
    return Stopped(reason, bool(solved))


def _broken(name: str, stop: Stop, method: str, found: str, allowed: str) -> StopFault:
    return StopFault(f"stop criterion {name} {found} from its {method} ({_place(stop, method)}); allowed: {allowed}")


def _place(stop: Stop, method: str) -> str:
    return place_of(getattr(stop, method)) or place_of(type(stop)) or type(stop).__qualname__
