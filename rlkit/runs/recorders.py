"""The recorders of one run: each is told, and one that fails is switched off while the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rlkit.catalogue.faults import shown
from rlkit.contracts.events import RunView
from rlkit.contracts.recorder import Recorder
from rlkit.faults.authors import one_line, where
from rlkit.faults.place import place_of
from rlkit.runs.handlers import EVENTS, Event, handler_name, handlers_of, problems

__all__ = ["ActiveRecorders", "Event"]

Handler = Callable[[Any], object]


class ActiveRecorders:
    """The working recorders, with the handlers of each event found once."""

    def __init__(self, recorders: Sequence[tuple[str, Recorder]], run: RunView) -> None:
        """Start each recorder, given with its name.

        One whose `start` returns None takes no part in this run, and that is no failure.
        """
        self.failures: list[str] = []
        """A sentence for each recorder that was switched off, or that cannot hear what it was meant to."""
        self._handlers: dict[type[Event], list[tuple[str, Handler]]] = {event: [] for event in EVENTS}
        for name, recorder in recorders:
            self._start(name, recorder, run)

    def wants(self, event: type[Event]) -> bool:
        """Whether anybody hears this event, so that nobody need make it."""
        return bool(self._handlers[event])

    def notify(self, event: Event) -> None:
        """Tell every recorder that hears this event, in the order of the experiment file."""
        handlers = self._handlers[type(event)]
        for name, method in tuple(handlers) if handlers else ():
            try:
                returned = method(event)
            except (Exception, SystemExit) as error:
                self._switch_off(method, _raised(name, handler_name(type(event)), method, error))
            else:
                if returned is not None:
                    self._switch_off(method, _returned(name, handler_name(type(event)), method, returned))

    def _start(self, name: str, recorder: Recorder, run: RunView) -> None:
        try:
            working = recorder.start(run)
            if working is None:
                return
            self.failures += [f"recorder {name} {problem}" for problem in problems(working)]
            handlers = handlers_of(working)
        except (Exception, SystemExit) as error:
            self.failures.append(_raised(name, "start", recorder.start, error))
            return
        for event, method in handlers.items():
            self._handlers[event].append((name, method))

    def _switch_off(self, method: Handler, sentence: str) -> None:
        self.failures.append(sentence)
        owner = getattr(method, "__self__", method)
        for handlers in self._handlers.values():
            handlers[:] = [entry for entry in handlers if getattr(entry[1], "__self__", entry[1]) is not owner]


def _raised(name: str, called: str, method: Handler, error: BaseException) -> str:
    place = where(error) or place_of(method)
    return f"recorder {name} was switched off: {one_line(error)} in its {called}" + (f" ({place})" if place else "")


def _returned(name: str, called: str, method: Handler, returned: object) -> str:
    place = place_of(method)
    at = f" ({place})" if place else ""
    return f"recorder {name} was switched off: its {called}{at} returned {shown(returned)}; allowed: None"
