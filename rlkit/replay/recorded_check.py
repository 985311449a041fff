"""Whether recorded steps can be those of an environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.recorded_data import Recorded
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.replay.columns import step_columns

_SLACK = 1e-5
"""How far a float32 action may lie beyond its bounds, relative to 1 and to the bound."""


class RecordedError(ValueError):
    """Recorded steps that cannot be those of an environment; its text is a sentence for people."""


def other_spaces(found: Spaces, wanted: Spaces) -> str:
    """In what recorded spaces differ from an environment's, in words; empty if they do not. Bounds may differ."""
    return "; ".join(_differences(found, wanted))


def _differences(found: Spaces, wanted: Spaces) -> Iterator[str]:
    if _form(found.observation) != _form(wanted.observation):
        shown, allowed = found.observation, wanted.observation
        yield f"found observations that are a {shown}; allowed: a {allowed}, as the environment has"
    ours, theirs = wanted.action, found.action
    if isinstance(ours, Discrete) and isinstance(theirs, Discrete):
        if ours.n != theirs.n:
            yield f"found {theirs}; allowed: {ours}, as the environment has"
        elif ours.masked != theirs.masked:
            words = {False: "actions without a mask", True: "actions with a mask"}
            yield f"found {words[theirs.masked]}; allowed: {words[ours.masked]}, as the environment has"
        elif ours.start != theirs.start:
            yield f"found {_counted(theirs)}; allowed: {_counted(ours)}, as the environment has"
    elif isinstance(ours, Discrete) or isinstance(theirs, Discrete) or _form(ours) != _form(theirs):
        yield f"found actions that are {_named(theirs)}; allowed: {_named(ours)}, as the environment has"


def _counted(space: Discrete) -> str:
    return f"actions from {space.start} to {space.start + space.n - 1}"


def _named(space: Array | Discrete) -> str:
    return str(space) if isinstance(space, Discrete) else f"a {space}"


def _form(array: Array) -> tuple[Any, ...]:
    return array.shape, array.dtype, tuple((key, _form(part)) for key, part in array.parts)


def looked_through(recorded: Recorded, spaces: Spaces, first: int, rows: int) -> list[npt.NDArray[Any]]:
    """The columns of a ring, in its order, held to an environment's spaces. Raises RecordedError.

    Args:
        recorded: so many `rows`.
        spaces: of the environment.
        first: the number of the first row, in messages.
        rows: how many there must be.
    """
    wanted = step_columns(spaces, {})
    if not isinstance(recorded, Recorded):
        raise RecordedError(f"read returned {type(recorded).__name__}; allowed: rlkit.Recorded")
    found = {name: value for name, value in recorded._asdict().items() if value is not None}
    for name in found.keys() | wanted.keys():
        if name not in wanted:
            raise RecordedError(f"holds masks of actions ({name}), and the environment has none")
        if name not in found:
            raise RecordedError(f"holds no masks of actions ({name}), and the environment has some")
    for name, (shape, dtype) in wanted.items():
        value = found[name]
        if not isinstance(value, np.ndarray):
            raise RecordedError(f"{name}: found {type(value).__name__}; allowed: a NumPy array")
        if value.shape != (rows, *shape) or value.dtype != dtype:
            raise RecordedError(
                f"{name}: found {value.dtype} of shape {value.shape}; allowed: {dtype} of shape {(rows, *shape)}"
            )
        if value.dtype.kind == "f":
            _demand(np.isfinite(value), value, name, first, "finite numbers")
    _check_actions(found, spaces, first)
    return [np.asarray(found[name]) for name in wanted]


def _check_actions(found: dict[str, npt.NDArray[Any]], spaces: Spaces, first: int) -> None:
    action = found["action"]
    if isinstance(spaces.action, Array):
        low, high = spaces.action.bounds()
        inside = (action >= low - _SLACK * (1 + abs(low))) & (action <= high + _SLACK * (1 + abs(high)))
        _demand(inside, action, "action", first, f"{low.min():g} to {high.max():g}")
        return
    _demand((action >= 0) & (action < spaces.action.n), action, "action", first, f"0 to {spaces.action.n - 1}")
    if not spaces.action.masked:
        return
    can = np.take_along_axis(found["allowed"], action[:, None], axis=1)
    _demand(can, action, "action", first, "one that its mask allows")
    follows = found["next_allowed"].any(axis=1) | found["terminated"]
    _demand(follows, found["next_allowed"], "next_allowed", first, "at least one action that is allowed")


def _demand(holds: npt.NDArray[np.bool_], value: npt.NDArray[Any], name: str, first: int, allowed: str) -> None:
    by_row = holds.reshape(len(holds), -1).all(axis=1)
    if by_row.all():
        return
    row = int(np.flatnonzero(~by_row)[0])
    shown = " ".join(str(value[row]).split())
    raise RecordedError(f"row {first + row}: {name}: found {shown[:60]}; allowed: {allowed}")
