"""Whether spaces that were written by hand are spaces."""

from __future__ import annotations

import math
from typing import Any

from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.experiment.plain_data.asking import is_count, shown

DTYPES = (
    "float32",
    "float64",
    "float16",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "int8",
    "int16",
    "int32",
    "int64",
    "bool",
)
"""Those that NumPy and TensorFlow have in common."""

Wrong = tuple[str, str]
"""What was found, and what is allowed."""


def wrong_spaces(spaces: Spaces) -> Wrong | None:
    """What is wrong with the spaces of one environment; None if nothing is."""
    if not isinstance(spaces.observation, Array):
        return f"observation {shown(spaces.observation)}", "an rlkit.Array"
    if not isinstance(spaces.action, (Array, Discrete)):
        return f"action {shown(spaces.action)}", "an rlkit.Discrete or an rlkit.Array"
    if not (is_count(spaces.environments, 1) and spaces.environments == 1):
        return f"environments {shown(spaces.environments)}", "int 1: it describes one environment"
    wrong = _wrong_array(spaces.observation)
    if wrong is None:
        wrong = _wrong_array(spaces.action) if isinstance(spaces.action, Array) else _wrong_discrete(spaces.action)
        return wrong and (f"action.{wrong[0]}", wrong[1])
    return f"observation.{wrong[0]}", wrong[1]


def _wrong_discrete(space: Discrete) -> Wrong | None:
    if not is_count(space.n, 1):
        return f"n {shown(space.n)}", "an int of at least 1"
    if not is_count(space.start, -(2**63)):
        return f"start {shown(space.start)}", "an int"
    return None


def _wrong_array(space: Array) -> Wrong | None:
    if not isinstance(space.shape, tuple) or not all(is_count(length, 1) for length in space.shape):
        return f"shape {shown(space.shape)}", "a tuple of ints of at least 1"
    if not isinstance(space.dtype, str) or space.dtype not in DTYPES:
        return f"dtype {shown(space.dtype)}", f"one of {', '.join(DTYPES)}"
    for name in ("low", "high"):
        if not _is_bound(getattr(space, name), math.prod(space.shape)):
            several = f", or a tuple of {math.prod(space.shape)}"
            return f"{name} {shown(getattr(space, name))}", f"a number{several}"
    low, high = space.bounds()
    if (low > high).any():
        beyond = low > high
        return f"low {low[beyond][0]:g} above high {high[beyond][0]:g}", "low at most high"
    if not is_count(space.stack, 1) or (space.stack > 1 and space.shape[:1] != (space.stack,)):
        return f"stack {shown(space.stack)} for the shape {space.shape}", "1, or the length of the first axis"
    if not (isinstance(space.parts, tuple) and all(map(_is_part, space.parts))):
        return f"parts {shown(space.parts)}", "a tuple of pairs, each a key and an rlkit.Array"
    for name, part in space.parts:
        wrong = _wrong_array(part)
        if wrong:
            return f"parts.{name}.{wrong[0]}", wrong[1]
    return None


def _is_part(part: Any) -> bool:
    return isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], str) and isinstance(part[1], Array)


def _is_bound(bound: Any, elements: int) -> bool:
    values = bound if isinstance(bound, tuple) else (bound,)
    numbers = all(isinstance(value, (int, float)) and not math.isnan(value) for value in values)
    return numbers and (not isinstance(bound, tuple) or len(bound) == elements)
