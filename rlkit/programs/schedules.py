"""Schedules at work: built wherever they stand within an agent, and held to the range of what they stand for."""

from __future__ import annotations

import copy
import dataclasses
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from rlkit.catalogue.kinds import leaves
from rlkit.contracts.component import ParameterInfo, parameter_info
from rlkit.contracts.optimizer import Optimizer
from rlkit.contracts.schedule import Schedule
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.working import working
from rlkit.programs.guarding.components import Guards
from rlkit.programs.schedule_values import check_clock, check_values, traced_value

T = TypeVar("T")


class WorkingSchedules:
    """Puts working schedules in the place of components."""

    def __init__(self, spaces: Spaces, total: int | None) -> None:
        """`total` is that of `Progress`; None if the experiment's limits do not say."""
        self._spaces, self._total = spaces, total
        self._holders: dict[int, tuple[Any, Any]] = {}
        """By its identity, a component, and what stands for it with working schedules."""
        self._schedules: dict[int, tuple[Any, Any]] = {}
        """By its identity, a schedule, and what it was built into."""

    def within(self, component: T, path: str = "", *, by_update: bool = False) -> T:
        """A component, and everything in it, with working schedules: itself if it holds none that must be built.

        Args:
            component: a dataclass; it is not changed, what holds a built schedule is copied.
            path: from the agent, for messages.
            by_update: it counts updates and nothing else, as an optimizer does.

        Raises:
            ScheduleError: a value is out of the range of the parameter that it stands for, or changes with what is
                not counted there.
        """
        if id(component) in self._holders:
            return self._holders[id(component)][1]  # type: ignore[no-any-return]
        if not dataclasses.is_dataclass(component):
            return component
        cls: Any = type(component)
        kinds, changed = _kinds(cls), dict[str, Any]()
        for field in dataclasses.fields(component):
            held, taken = getattr(component, field.name), kinds.get(field.name, ())
            inner = f"{path}.{field.name}".removeprefix(".")
            part = self._value(held, taken, parameter_info(field), inner, by_update or Optimizer in taken)
            if part is not held:
                changed[field.name] = part
        made = component
        if changed:
            made = copy.copy(component)
            for name, part in changed.items():
                object.__setattr__(made, name, part)
        self._holders[id(component)] = component, made
        return made

    def _value(self, held: Any, kinds: tuple[type, ...], info: ParameterInfo, path: str, by_update: bool) -> Any:
        if isinstance(held, tuple):
            parts = [self._value(item, kinds, info, f"{path}.{place}", by_update) for place, item in enumerate(held)]
            unchanged = all(part is item for part, item in zip(parts, held, strict=True))
            return held if unchanged else tuple(parts)
        if isinstance(held, Mapping):
            made = {key: self._value(item, kinds, info, f"{path}.{key}", by_update) for key, item in held.items()}
            return held if all(made[key] is item for key, item in held.items()) else made
        if not dataclasses.is_dataclass(held) or isinstance(held, type):
            return held
        part = self.within(held, path, by_update=by_update)
        contracts = [kind for kind in kinds if getattr(kind, "_is_protocol", False)]
        is_schedule = contracts == [Schedule] or (Schedule in contracts and hasattr(part, "value"))
        return self._schedule(part, info, path, by_update) if is_schedule else part

    def _schedule(self, part: Any, info: ParameterInfo, path: str, by_update: bool) -> Any:
        if id(part) not in self._schedules:
            self._schedules[id(part)] = part, working(Guards().component(part, "schedule"), self._spaces)
        made = self._schedules[id(part)][1]
        value = traced_value(made)
        if by_update:
            check_clock(value, path)
        check_values(value, info, path, self._total)
        return made


@cache
def _kinds(component: Any) -> dict[str, tuple[type, ...]]:
    """By field, the classes that its annotation is made of; none where a name of it is for type checkers only."""
    found: dict[str, tuple[type, ...]] = {}
    for base in reversed(component.__mro__):
        known = {**_CONTRACTS, **vars(sys.modules[base.__module__])}
        for name, written in vars(base).get("__annotations__", {}).items():
            try:
                annotation = eval(written, known) if isinstance(written, str) else written
            except Exception:
                annotation = None
            found[name] = tuple(leaves(annotation))
    return found


_CONTRACTS = {"Schedule": Schedule, "Optimizer": Optimizer}
"""Imported for type checkers only in many a module."""
