"""An agent under guard: copies of it and of all components in it, guarded by what their kinds ask."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.discovery import discover
from rlkit.catalogue.kinds import Kind
from rlkit.catalogue.parameters import ParameterTypeError, read_parameters
from rlkit.catalogue.part_name import part_name
from rlkit.programs.guarding.guard import guard
from rlkit.programs.guarding.kind_rules import kind_rules

T = TypeVar("T")


class Guards:
    """Guarded copies of components; what stands in two places is copied once."""

    def __init__(self) -> None:
        self._catalogue: Catalogue = discover()
        self._copies: dict[int, tuple[Any, Any]] = {}

    def component(self, component: T, kind: str) -> T:
        """A guarded copy; what is no dataclass is handed back."""
        if not dataclasses.is_dataclass(component) or isinstance(component, type):
            return component
        if id(component) not in self._copies:
            self._copies[id(component)] = component, self._copy(component, self._catalogue.kinds[kind])
        return self._copies[id(component)][1]  # type: ignore[no-any-return]

    def _copy(self, component: Any, kind: Kind) -> Any:
        made = copy.copy(component)
        try:
            parameters = read_parameters(type(component), self._catalogue.kinds)
        except ParameterTypeError:  # nothing that a catalogue has
            parameters = ()
        for parameter in parameters:
            held = getattr(component, parameter.name)
            guarded = self._value(held, parameter.kinds)
            if guarded is not held:
                object.__setattr__(made, parameter.name, guarded)
        return guard(made, part_name(component, kind.name), kind_rules(kind.name, kind.contract))

    def _value(self, held: Any, kinds: tuple[Kind, ...]) -> Any:
        if not kinds:
            return held
        if isinstance(held, tuple):
            return tuple(self._value(item, kinds) for item in held)
        if isinstance(held, Mapping):
            return {key: self._value(item, kinds) for key, item in held.items()}
        return self.component(held, kinds[0].name)
