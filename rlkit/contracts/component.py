"""What makes a class a component: a frozen, keyword-only dataclass whose fields are its parameters."""

from __future__ import annotations

import dataclasses
import math
import struct
from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


class ParameterError(ValueError):
    """A parameter's value that its component refuses.

    `parameter` is the field's name, so that an experiment file's line and column can be found from it.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter
        self.message = message


@dataclasses.dataclass(frozen=True, kw_only=True)
class ParameterInfo:
    """What a field's metadata says about a parameter, beside its type and default."""

    doc: str = ""
    source: str = ""
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()

    def allowed(self) -> str:
        """The range in words, for messages: `at least 0 and below 1`; empty if there is none."""
        bounds = [
            f"{words} {int(bound) if bound == int(bound) else bound}"
            for words, bound in (
                ("at least", self.at_least),
                ("above", self.above),
                ("at most", self.at_most),
                ("below", self.below),
            )
            if bound is not None
        ]
        if self.choices:
            bounds.append("one of " + ", ".join(self.choices))
        return " and ".join(bounds)

    def problem(self, value: Any) -> str | None:
        """Why `value` (its type already checked) is out of range, or None.

        A float must be in the range as a float32, too, since that is what graphs compute with.
        Values that are neither numbers nor strings (None, tuples, components) have no range of their own;
        a tuple's elements are checked one by one.
        """
        if isinstance(value, tuple):
            return next((found for found in map(self.problem, value) if found), None)
        if isinstance(value, str) and self.choices and value not in self.choices:
            return f"found {value!r}; allowed: {self.allowed()}"
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        if not math.isfinite(value):
            return f"found {value!r}; it must be a finite number"
        if not self._inside(value, float):
            return f"found {value!r}; allowed: {self.allowed()}"
        if isinstance(value, float):
            rounded = _float32(value)
            if not math.isfinite(rounded):
                return f"found {value!r}, which is infinite as a float32; it must be a finite number"
            if not self._inside(rounded, _float32):
                return f"found {value!r}, which is {rounded:g} as a float32; allowed: {self.allowed()}"
        return None

    def _inside(self, value: float, as_kept: Callable[[float], float]) -> bool:
        """Whether it is in the range, the bounds rounded as it is itself."""
        return (
            (self.at_least is None or value >= as_kept(self.at_least))
            and (self.above is None or value > as_kept(self.above))
            and (self.at_most is None or value <= as_kept(self.at_most))
            and (self.below is None or value < as_kept(self.below))
        )


def _float32(number: float) -> float:
    """What graphs make of it: the nearest float32, infinite for one that is beyond them."""
    try:
        (nearest,) = struct.unpack("f", struct.pack("f", number))
    except OverflowError:
        return math.copysign(math.inf, number)
    return float(nearest)


def parameter(*, default: Any = dataclasses.MISSING, doc: str = "", **info: Any) -> Any:
    """A dataclass field with its meaning, and where it has one its range.

    `parameter(default=0.01, doc="share of the online weights taken at each update", above=0, at_most=1)`.
    Keyword arguments are those of `ParameterInfo`. Without a default the parameter is required; a default that is a
    dict is copied for each component.
    """
    metadata = {"rlkit": ParameterInfo(doc=doc, **info)}
    if isinstance(default, dict):
        return dataclasses.field(default_factory=default.copy, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def parameter_info(field: dataclasses.Field[Any]) -> ParameterInfo:
    """The field's metadata, empty for a plain dataclass field."""
    info = field.metadata.get("rlkit")
    return info if isinstance(info, ParameterInfo) else ParameterInfo()


def check_ranges(instance: Any) -> None:
    """Raise ParameterError for the first parameter of a component that is out of its range."""
    for field in dataclasses.fields(instance):
        problem = parameter_info(field).problem(getattr(instance, field.name))
        if problem:
            raise ParameterError(field.name, problem)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(parameter, dataclasses.field))
def component(cls: type[T]) -> type[T]:
    """Make a class a component: `@dataclass(frozen=True, kw_only=True)`, with its ranges checked when it is made.

    A `__post_init__` of the class, inherited or its own, runs after the range checks; it raises ParameterError or
    ValueError for what ranges cannot say.
    """
    own: Callable[[T], None] | None = getattr(cls, "__post_init__", None)

    def __post_init__(self: T) -> None:
        check_ranges(self)
        if own is not None:
            own(self)

    cls.__post_init__ = __post_init__  # type: ignore[attr-defined]
    return dataclasses.dataclass(frozen=True, kw_only=True)(cls)
