"""A component's parameters: the fields of its dataclass, with resolved types."""

from __future__ import annotations

import collections.abc
import dataclasses
import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

from rlkit.catalogue.kinds import Kind, kinds_in
from rlkit.contracts.component import ParameterInfo, parameter_info

if TYPE_CHECKING:
    from rlkit.catalogue.catalogue import Catalogue

PLAIN = (bool, int, float, str, types.NoneType)
ALLOWED = (
    "bool, int, float, str, None, Literal[…], tuple[T, ...], Mapping[str, T], Mapping[str, object], "
    "a kind's contract (such as Schedule), and unions of these"
)


class Missing(Enum):
    """The type of REQUIRED."""

    REQUIRED = "required"


REQUIRED: Final = Missing.REQUIRED
"""The default of a parameter that has none."""


@dataclass(frozen=True)
class Parameter:
    """One field of a component."""

    name: str
    annotation: Any
    """Resolved: `float`, `int | None`, `tuple[Stop, ...]`, never a string."""
    default: Any
    """REQUIRED if there is none."""
    info: ParameterInfo
    kinds: tuple[Kind, ...]
    """Of the components that it takes; empty for plain values."""
    many: bool
    """It takes a tuple of components."""


def parameters_of(component: type, catalogue: Catalogue) -> tuple[Parameter, ...]:
    """The parameters of a component, in the order of its fields.

    Raises:
        ParameterTypeError: if a field's type cannot be resolved or cannot be written in an experiment file, or
            its default cannot be made. No component of a catalogue has such fields: its plugin is reported as broken.
    """
    return read_parameters(component, catalogue.kinds)


class ParameterTypeError(TypeError):
    """A field whose type an experiment file cannot fill, or whose default cannot be made."""


def read_parameters(component: type, kinds: Mapping[str, Kind]) -> tuple[Parameter, ...]:
    """`parameters_of`, for a catalogue that is still being made. Raises ParameterTypeError."""
    fields = [field for field in dataclasses.fields(component) if field.init]
    hints = _resolved(component, kinds) if fields else {}
    contracts = {kind.contract for kind in kinds.values()}
    found = []
    for field in fields:
        annotation = hints[field.name]
        if not _writable(annotation, contracts):
            shown = field.type if isinstance(field.type, str) else type_text(annotation, kinds)
            raise ParameterTypeError(
                f"the field '{field.name}' has the type {shown}, which an experiment file cannot fill; "
                f"allowed: {ALLOWED}"
            )
        taken = kinds_in(annotation, kinds)
        many = any(typing.get_origin(arm) is tuple and kinds_in(arm, kinds) for arm in _arms(annotation))
        found.append(Parameter(field.name, annotation, _default(field), parameter_info(field), taken, many))
    return tuple(found)


def type_text(annotation: Any, kinds: Mapping[str, Kind]) -> str:
    """A type as the author of an experiment file knows it: `int or null`, `list of int`, `float or schedule`."""
    arguments = typing.get_args(annotation)
    for kind in kinds.values():
        if kind.contract is annotation:
            return kind.name
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(type_text(argument, kinds) for argument in arguments)
    if origin is Literal:
        return " or ".join("null" if value is None else str(value) for value in arguments)
    if origin is tuple:
        elements = [type_text(argument, kinds) for argument in arguments if argument is not ...]
        return (
            f"list of {elements[0]}" if arguments[1:] == (...,) else f"list of {len(elements)}: {', '.join(elements)}"
        )
    if origin is collections.abc.Mapping:
        return f"map of {type_text(arguments[1], kinds)}" if kinds_in(arguments[1], kinds) else "map"
    return "null" if annotation is types.NoneType else getattr(annotation, "__name__", str(annotation))


def _resolved(component: type, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Type hints; the names that a module imports for type checkers only are filled in where they are well known."""
    try:
        return typing.get_type_hints(component)
    except NameError:
        own = vars(sys.modules[component.__module__])
        known: dict[str, Any] = {kind.contract.__name__: kind.contract for kind in kinds.values()}
        known |= {"Mapping": collections.abc.Mapping, "Literal": Literal, "Any": Any}
        missing = {name: value for name, value in known.items() if name not in own}
    try:
        return typing.get_type_hints(component, localns=missing)
    except NameError as error:
        raise ParameterTypeError(
            f"the type of a field cannot be resolved: {error}; import it outside `if TYPE_CHECKING:`"
        ) from error


def _writable(annotation: Any, contracts: set[type]) -> bool:
    if annotation in PLAIN or (isinstance(annotation, type) and annotation in contracts):
        return True
    arguments = typing.get_args(annotation)
    origin = typing.get_origin(annotation)
    if origin is Literal:
        return all(isinstance(value, PLAIN) for value in arguments)
    if origin in (typing.Union, types.UnionType):
        return all(_writable(argument, contracts) for argument in arguments)
    if origin is tuple:
        return bool(arguments) and all(part is ... or _writable(part, contracts) for part in arguments)
    if origin is collections.abc.Mapping:
        return arguments[0] is str and (arguments[1] in (object, Any) or _writable(arguments[1], contracts))
    return False


def _arms(annotation: Any) -> tuple[Any, ...]:
    union = typing.get_origin(annotation) in (typing.Union, types.UnionType)
    return typing.get_args(annotation) if union else (annotation,)


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is dataclasses.MISSING:
        return REQUIRED
    try:
        return field.default_factory()
    except Exception as error:
        raise ParameterTypeError(
            f"the default of the field '{field.name}' cannot be made: {type(error).__name__}: {error}"
        ) from error
