"""Numbers that parts count up in Python while they are traced: a graph keeps what they were, whatever comes later."""

from __future__ import annotations

import math
from typing import Any

from rlkit.programs.guarding.guard import guarded_as
from rlkit.programs.state import parts_of
from rlkit.programs.verifying.error import HiddenRandomnessError

Numbers = dict[str, dict[str, float]]


def numbers_of(part: object, name: str) -> Numbers:
    """The plain numbers that a working part and those in it hold as attributes: by path, by attribute."""
    return {path: _numbers(found) for path, found in parts_of(part, name)}


def check_attributes(before: Numbers, part: object, name: str) -> None:
    """Refuse parts that hold other numbers now than before they were traced.

    Raises:
        HiddenRandomnessError: it names the part and the attribute.
    """
    for path, found in parts_of(part, name):
        for attribute, value in _numbers(found).items():
            was = before.get(path, {}).get(attribute, value)
            if was != value and not (math.isnan(was) and math.isnan(value)):
                raise HiddenRandomnessError(
                    f"{guarded_as(found) or type(found).__name__}: its attribute {attribute} was {was:g} before its "
                    f"methods were traced, and is {value:g} now; a graph is traced once, so what Python counts stays "
                    "as it is for the whole run; count in a tf.Variable or by call.progress"
                )


def _numbers(part: Any) -> dict[str, float]:
    return {
        name: value
        for name, value in vars(part).items()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    }
