"""The recorders of one run: each is told, and one that fails is switched off while the run goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from rlkit.contracts.events import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded, RunView
from rlkit.contracts.recorder import Recorder
from rlkit.faults.authors import one_line, where

Event = EpisodeEnded | MetricsLogged | EvaluationEnded | RunEnded
EVENTS: tuple[type[Event], ...] = (EpisodeEnded, MetricsLogged, EvaluationEnded, RunEnded)


def handler_name(event: type[Event]) -> str:
    """The method that hears an event: `episode_ended` for EpisodeEnded."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


class ActiveRecorders:
    """The working recorders, with the handlers of each event found once."""

    def __init__(self, recorders: Sequence[tuple[str, Recorder]], run: RunView) -> None:
        """Start each recorder, given with its name.

        One whose `start` returns None takes no part in this run, and that is no failure.
        """
        self.failures: list[str] = []
        """A sentence for each recorder that was switched off."""
        self._handlers: dict[type[Event], list[tuple[str, Callable[[Any], object]]]] = {event: [] for event in EVENTS}
        for name, recorder in recorders:
            self._start(name, recorder, run)

    def wants(self, event: type[Event]) -> bool:
        """Whether anybody hears this event, so that nobody need make it."""
        return bool(self._handlers[event])

    def notify(self, event: Event) -> None:
        """Tell every recorder that hears this event, in the order of the experiment file."""
        handlers = self._handlers[type(event)]
        for handler in tuple(handlers) if handlers else ():
            name, method = handler
            try:
                method(event)
            except (Exception, SystemExit) as error:
                self._switch_off(name, method, handler_name(type(event)), error)

    def _start(self, name: str, recorder: Recorder, run: RunView) -> None:
        try:
            working = recorder.start(run)
            heard = [(event, getattr(working, handler_name(event), None)) for event in EVENTS]
        except (Exception, SystemExit) as error:
            self.failures.append(_sentence(name, "start", error))
            return
        if working is not None and not any(method for _, method in heard):
            events = ", ".join(handler_name(event) for event in EVENTS)
            self.failures.append(f"recorder {name} hears nothing: its working part has none of the methods {events}")
        for event, method in heard:
            if method is not None:
                self._handlers[event].append((name, method))

    def _switch_off(self, name: str, method: Callable[[Any], object], event: str, error: BaseException) -> None:
        self.failures.append(_sentence(name, event, error))
        owner = getattr(method, "__self__", method)
        for handlers in self._handlers.values():
            handlers[:] = [entry for entry in handlers if getattr(entry[1], "__self__", entry[1]) is not owner]


def _sentence(name: str, event: str, error: BaseException) -> str:
    place = where(error)
    return f"recorder {name} was switched off: {one_line(error)} in its {event}" + (f" ({place})" if place else "")
