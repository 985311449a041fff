"""From the parts of an experiment to what a file would say of them: plain data, every default written out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Number
from typing import TYPE_CHECKING, Any

from rlkit.catalogue.faults import shown
from rlkit.catalogue.kinds import Kind
from rlkit.catalogue.parameters import PLAIN, parameters_of
from rlkit.experiment.annotations import is_slot
from rlkit.experiment.parts import Unwritable
from rlkit.faults.place import place_of

if TYPE_CHECKING:
    from rlkit.catalogue.catalogue import Entry
    from rlkit.experiment.experiment import Experiment

OWN_KEYS = (
    "name",
    "seed",
    "environment",
    "agent",
    "stop",
    "limits",
    "evaluation",
    "recorders",
    "data",
    "collects",
    "save_rows",
)
"""The top-level keys that every experiment has; the others are the slots of its agent."""
_KINDS = {
    "environment": "environment",
    "agent": "agent",
    "stop": "stop",
    "recorders": "recorder",
    "data": "recorded_data",
}
"""The keys of an experiment that hold components, and their kinds."""
_ALLOWED = "bool, int, float (finite), str, None, lists, tuples and maps of these"
_HOW = "allowed: a class that a plugin offers by the hook {}"


def tell(experiment: Experiment) -> dict[str, Any]:
    """The experiment as plain data, components as maps with a name, the agent's slots after the agent.

    Raises:
        Unwritable: for a part that was put there in Python and that no experiment file can hold.
    """
    told: dict[str, Any] = {}
    for key in OWN_KEYS:
        value = getattr(experiment, key)
        if key in ("limits", "evaluation"):
            told[key] = _fields(value, type(value), key, experiment)
            continue
        kinds = (experiment.catalogue.kinds[_KINDS[key]],) if key in _KINDS else ()
        told[key] = _value(value, kinds, key, experiment)
        if key == "agent":
            told |= {slot: told[key].pop(slot) for slot in _slots(experiment)}
    return told


def _slots(experiment: Experiment) -> list[str]:
    catalogue = experiment.catalogue
    parameters = parameters_of(type(experiment.agent), catalogue)
    return [parameter.name for parameter in parameters if is_slot(parameter.annotation, catalogue.kinds)]


def _value(value: Any, kinds: Sequence[Kind], path: str, experiment: Experiment) -> Any:
    if isinstance(value, (tuple, list)):
        return [_value(item, kinds, f"{path}.{index}", experiment) for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {
            key: _value(item, kinds, f"{path}.{key}", experiment)
            if kinds
            else _plain(item, f"{path}.{key}", experiment)
            for key, item in value.items()
        }
    if type(value) in PLAIN and not (isinstance(value, float) and not math.isfinite(value)):
        return value
    entry = _entry(value, kinds, experiment)
    if entry is None and (not kinds or isinstance(value, Number)):
        raise Unwritable(f"{path}: found {shown(value)}, which no experiment file can hold; allowed: {_ALLOWED}")
    if entry is None:
        place = place_of(type(value))
        cls = f"{type(value).__qualname__}{f' ({place})' if place else ''}"
        raise Unwritable(
            f"{path}: found the class {cls}, which no experiment file can name; {_HOW.format(kinds[0].hook)}"
        )
    name = experiment.catalogue.shortest_name(entry)
    return {"name": name} | _fields(value, entry.component, path, experiment)


def _plain(value: Any, path: str, experiment: Experiment) -> Any:
    """A value of plain data, where a tuple is another thing than a list."""
    if isinstance(value, (tuple, list)):
        items = [_plain(item, f"{path}.{index}", experiment) for index, item in enumerate(value)]
        return tuple(items) if isinstance(value, tuple) else items
    return _value(value, (), path, experiment)


def _fields(value: Any, cls: type, path: str, experiment: Experiment) -> dict[str, Any]:
    beside = _slots(experiment) if path == "agent" else ()
    return {
        p.name: _value(getattr(value, p.name), p.kinds, p.name if p.name in beside else f"{path}.{p.name}", experiment)
        for p in parameters_of(cls, experiment.catalogue)
    }


def _entry(value: Any, kinds: Sequence[Kind], experiment: Experiment) -> Entry | None:
    """Of one of these kinds; where a class has several names, the one that the experiment uses."""
    offered = (entry for kind in kinds for entry in experiment.catalogue.entries(kind.name))
    return next((e for e in (*experiment.entries, *offered) if e.kind in kinds and e.component is type(value)), None)
