"""The methods by which a recorder's working part hears events, found by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from rlkit.catalogue.faults import shown
from rlkit.contracts.events import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded
from rlkit.faults.place import place_of

Event = EpisodeEnded | MetricsLogged | EvaluationEnded | RunEnded
EVENTS: tuple[type[Event], ...] = (EpisodeEnded, MetricsLogged, EvaluationEnded, RunEnded)
_NEAR = 0.8
"""How alike two names are, of 1, for one to be the other misspelt: `episode_end`, but not `log_metrics`."""


def handler_name(event: type[Event]) -> str:
    """The method that hears an event: `episode_ended` for EpisodeEnded."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


def handlers_of(working: object) -> Mapping[type[Event], Callable[[Any], object]]:
    """The handlers that a recorder's working part has."""
    methods = {event: getattr(working, handler_name(event), None) for event in EVENTS}
    return {event: method for event, method in methods.items() if callable(method)}


def problems(working: object) -> Iterator[str]:
    """What keeps a working part from hearing what its author meant it to hear, in words that follow its name."""
    known = [handler_name(event) for event in EVENTS]
    part = f"its working part ({place_of(type(working)) or type(working).__qualname__})"
    for name in known:
        value = getattr(working, name, None)
        if value is not None and not callable(value):
            yield f"has {shown(value)} for {name} in {part}; allowed: a method that takes the event"
    for name in dir(working):
        near = [] if name.startswith("_") or name in known else get_close_matches(name, known, n=1, cutoff=_NEAR)
        if near and getattr(working, near[0], None) is None and callable(method := getattr(working, name)):
            yield f"has a method {name} ({place_of(method) or part}), which nothing calls; did you mean '{near[0]}'?"
    if not handlers_of(working):
        yield f"hears nothing: {part} has none of the methods {', '.join(known)}"
