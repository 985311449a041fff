"""Values that a parameter must refuse."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from typing import Any

from rlkit.catalogue.parameters import Parameter


def out_of_range(parameter: Parameter) -> Iterator[Any]:
    """Values beside each bound, of the parameter's type."""
    info, takes = parameter.info, set(_plain_types(parameter.annotation))
    wrapped = any(typing.get_origin(arm) is tuple for arm in (parameter.annotation, *_arms(parameter.annotation)))
    outside: list[Any] = []
    if takes & {int, float}:
        steps = ((info.at_least, -1), (info.above, 0), (info.at_most, 1), (info.below, 0))
        outside += [bound + step for bound, step in steps if bound is not None]
    if float in takes:
        outside += [float("nan"), float("inf")]
    if str in takes and info.choices:
        outside.append("none of these")
    yield from ((value,) if wrapped else value for value in outside)


def _arms(annotation: Any) -> tuple[Any, ...]:
    return () if typing.get_origin(annotation) is tuple else typing.get_args(annotation)


def _plain_types(annotation: Any) -> Iterator[type]:
    if inspect.isclass(annotation):
        yield annotation
    if typing.get_origin(annotation) is not typing.Literal:
        for argument in typing.get_args(annotation):
            yield from _plain_types(argument)
