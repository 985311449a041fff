"""The guard of one object: its methods tell what goes wrong in them, and what they return is looked at."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import tensorflow as tf

from rlkit.faults.method import Method, method_of
from rlkit.programs.guarding.expected import misfit
from rlkit.programs.guarding.watching import note
from rlkit.programs.verifying.owners import own

T = TypeVar("T")
_AUTOGRAPH_LEAVES_ALONE = "autograph_info__"
_GUARDED, _BOUNDED = "__rlkit_guarded__", "__rlkit_bounded__"


@dataclass(frozen=True)
class Rule:
    """What is done with a call of a method, beside telling what it raises."""

    returns: Callable[..., Any] | None = None
    """From its arguments to what it must return; see `rlkit.contracts.returns`."""
    given: Callable[..., tuple[Any, ...]] | None = None
    """From its arguments to those that it is given."""
    made: Callable[..., Any] | None = None
    """From the method, what it returned and its arguments to what its caller gets."""
    bounds: Callable[..., Any] | None = None
    """From what it returned and its arguments to numbers and their bounds; see `rlkit.contracts.returns`."""


def guard(made: T, part: str, rules: Mapping[str, Rule]) -> T:
    """Guard an object in place, and return it.

    It becomes an instance of a subclass of its class, of the same name, so its attributes, its type in messages and
    `isinstance` stay as they are; a method that calls another one of its own calls a guarded one. An object whose class
    cannot have such a subclass is left as it is.

    Args:
        made: a copy, or fresh from `build`.
        part: kind and name, for messages.
        rules: by method; those that it does not have are passed over.
    """
    cls = type(made)
    if hasattr(cls, _GUARDED):
        return made
    methods: dict[str, Any] = {}
    for name, rule in rules.items():
        inner = inspect.getattr_static(cls, name, None)
        if hasattr(inner, "__get__") and callable(getattr(cls, name, None)):
            methods[name] = _guarded(inner, method_of(part, cls, name), rule)
    methods |= {
        "__slots__": (),
        "__doc__": cls.__doc__,
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__class__": property(lambda self: cls),  # dataclasses are equal if this is the same
        _GUARDED: part,
        _BOUNDED: any(rule.bounds for rule in rules.values()),
    }
    own(part, cls)
    try:
        subclass = types.new_class(cls.__name__, (cls,), exec_body=lambda namespace: namespace.update(methods))
        object.__setattr__(made, "__class__", subclass)
    except TypeError:
        pass
    return made


def guarded_as(part: object) -> str:
    """Kind and name of what is guarded; empty for anything else."""
    return str(getattr(type(part), _GUARDED, ""))


def has_bounds(part: object) -> bool:
    """Whether something under guard returns what has bounds."""
    return bool(getattr(type(part), _BOUNDED, False))


def _guarded(inner: Any, method: Method, rule: Rule) -> Any:
    def call(self: Any, *given: Any, **named: Any) -> Any:
        function = inner.__get__(self, type(self))
        context = tf.__internal__.autograph.control_status_ctx()
        if context.status.name == "ENABLED":  # this code needs no rewriting, the author's does
            function = tf.__internal__.autograph.tf_convert(function, context)
        try:
            if rule.given is not None:
                given, named = rule.given(*given, **named), {}
            found = function(*given, **named)
            wrong = None if rule.returns is None else misfit(rule.returns(*given, **named), found)
            if wrong is None and rule.bounds is not None:
                note(method, rule.bounds, found, given, named)
            if wrong is None:
                return found if rule.made is None else rule.made(method, found, *given, **named)
        except (Exception, SystemExit) as error:
            told = method.error(error)
            if told is error:
                raise
            raise told from told.__cause__
        raise method.refused(wrong.text, wrong.found)

    setattr(call, _AUTOGRAPH_LEAVES_ALONE, {})
    return functools.wraps(inner)(call)
