"""From a scalar as it was written to the type that a parameter asks for."""

from __future__ import annotations

from typing import Any

from rlkit.catalogue.nearest import did_you_mean
from rlkit.experiment.annotations import Accepts
from rlkit.experiment.nodes import Node, Scalar
from rlkit.experiment.older_yaml import LEADING_ZERO, MEANT
from rlkit.experiment.scalars import ScalarError, resolve

REFUSED: Any = object()
"""Stands for a value of none of the types that are accepted."""


def convert(value: bool | int | float | str | None, form: Accepts) -> Any:
    """The value in an accepted type, or REFUSED.

    A bool is no number. An integer serves where a number is asked, a number without a fraction (`1e6`) where an
    integer is.
    """
    if any(type(literal) is type(value) and literal == value for literal in form.literals):
        return value
    if type(value) in form.scalars:
        return value
    if type(value) is int and float in form.scalars:
        return float(value)
    if type(value) is float and int in form.scalars and value.is_integer() and abs(value) < 2**63:
        return int(value)
    return REFUSED


def hint(node: Node, form: Accepts) -> str:
    """A word on the likely slip in a value that was refused, or nothing."""
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, (bool, int, float)):
        return "; write it in quotes" if str in form.scalars else ""
    if not isinstance(value, str):
        return ""
    if bool in form.scalars and value.lower() in MEANT:
        return f"; did you mean {MEANT[value.lower()]}?"
    if form.scalars & {int, float} and LEADING_ZERO.match(value):
        return "; a number has no leading zero"
    if convert(_unquoted(value), form) is not REFUSED:
        return "; write it without quotes"
    return did_you_mean(value, [literal for literal in form.literals if isinstance(literal, str)])


def _unquoted(text: str) -> bool | int | float | str | None:
    try:
        return resolve(text)
    except ScalarError:
        return text
