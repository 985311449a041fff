"""Recorded steps in a ring: whether they fit an environment, and which of them a ring holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.contracts.recorded_data import Recorded, Recording
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.replay.columns import step_columns
from rlkit.replay.frame_ring import StackError
from rlkit.replay.ring import Ring

_AT_ONCE = 4096
"""Rows that are read at once."""
_SLACK = 1e-5
"""How far a float32 action may lie beyond its bounds, relative to 1 and to the bound."""


class RecordedError(ValueError):
    """Recorded steps that cannot be those of an environment; its text is a sentence for people."""


class Taken(NamedTuple):
    """What a ring took of a recording."""

    rows: int
    """In the ring now, the newest that fit."""
    of: int
    """Rows of the recording."""


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
    elif isinstance(ours, Discrete) or isinstance(theirs, Discrete) or _form(ours) != _form(theirs):
        yield f"found actions that are {_named(theirs)}; allowed: {_named(ours)}, as the environment has"


def _named(space: Array | Discrete) -> str:
    return str(space) if isinstance(space, Discrete) else f"a {space}"


def _form(array: Array) -> tuple[Any, ...]:
    return array.shape, array.dtype, tuple((key, _form(part)) for key, part in array.parts)


def rows_taken(rows: int, environments: int, capacity: int, ours: int) -> int:
    """How many of a recording's rows, the newest, a ring of this capacity holds, for so many environments.

    Args:
        rows: of the recording.
        environments: of the recording.
        capacity: of the ring, in steps.
        ours: environments of the ring.
    """
    if environments == ours:
        return min(rows, capacity // ours * ours)
    # Whole steps of all the recording's environments, then as many for each of ours.
    newest = min(rows, capacity // environments * environments)
    return newest // ours * ours


def fill(ring: Ring, recording: Recording, spaces: Spaces) -> Taken:
    """Store the newest rows of a recording, as many as fit, in a ring that is empty.

    Where the ring has another number of environments, the recording's are laid end to end and cut into as many pieces.
    The last row of each environment ends in truncation, since what followed was not recorded: it is bootstrapped.

    Raises:
        RecordedError: rows that cannot be of these spaces.
        ValueError: the recording is damaged.
    """
    ours, theirs = spaces.environments, recording.environments
    taken = rows_taken(recording.rows, theirs, ring.capacity, ours)
    if not taken:
        raise RecordedError(f"holds {recording.rows} rows, too few for each of {ours} environments to have one")
    if spaces.observation.stack > 1 and theirs not in (1, ours):
        raise RecordedError(
            f"holds stacks of frames from {theirs} environments, which serve as many only: found {ours} "
            f"environments; allowed: {theirs}"
        )
    if ours == theirs:
        _fill_as_recorded(ring, recording, spaces, taken)
    else:
        _fill_in_pieces(ring, recording, spaces, taken)
    return Taken(taken, recording.rows)


def _fill_as_recorded(ring: Ring, recording: Recording, spaces: Spaces, taken: int) -> None:
    ours, begin = spaces.environments, recording.rows - taken
    step = max(1, _AT_ONCE // ours) * ours
    open_ = [False] * ours  # whether the row before is of the same episode
    for first in range(begin, recording.rows, step):
        last = min(first + step, recording.rows)
        columns = _columns(recording.read(first, last), spaces, first, last - first)
        if last == recording.rows:
            _close(columns, ours)
        for row in range(last - first):
            _put(ring, row % ours, columns, row, first + row, opened=open_, fresh=first + row < begin + ours)
            if row % ours == ours - 1:
                ring.advance()


def _fill_in_pieces(ring: Ring, recording: Recording, spaces: Spaces, taken: int) -> None:
    ours, theirs, rows = spaces.environments, recording.environments, recording.rows
    newest = min(rows, ring.capacity // theirs * theirs)
    first = rows - newest
    columns = _columns(recording.read(first, rows), spaces, first, newest)
    _close(columns, theirs)
    # Each environment's rows in order, one environment after the other; the oldest remainder is left out.
    order = np.arange(newest).reshape(-1, theirs).T.reshape(-1)[newest - taken :]
    pieces = order.reshape(ours, -1).T.reshape(-1)
    columns = [column[pieces] for column in columns]
    _close(columns, ours)
    open_ = [False] * ours
    for row, place in enumerate(pieces.tolist()):
        _put(ring, row % ours, columns, row, first + place, opened=open_, fresh=row < ours)
        if row % ours == ours - 1:
            ring.advance()


def _put(
    ring: Ring,
    environment: int,
    columns: list[npt.NDArray[Any]],
    row: int,
    number: int,
    *,
    opened: list[bool],
    fresh: bool,
) -> None:
    """One row; `number` is the recording's own, `fresh`: the first of this environment in the ring."""
    values = [column[row] for column in columns]
    try:
        if not opened[environment]:
            ring.begin(environment, values[0], whole=not fresh)
        ring.put(environment, *values)
    except StackError as error:
        raise RecordedError(f"row {number}: {error}") from error
    opened[environment] = not (values[3] or values[4])


def _close(columns: list[npt.NDArray[Any]], environments: int) -> None:
    """Nothing follows the last row of each environment."""
    truncated = columns[4].copy()
    truncated[-environments:] |= ~columns[3][-environments:]
    columns[4] = truncated


def _columns(recorded: Recorded, spaces: Spaces, first: int, rows: int) -> list[npt.NDArray[Any]]:
    """The columns of a ring, in its order, looked through. `first` numbers them in messages."""
    wanted = step_columns(spaces, {})
    found = {name: value for name, value in recorded._asdict().items() if value is not None}
    for name in found.keys() | wanted.keys():
        if name not in wanted:
            raise RecordedError(f"holds masks of actions ({name}), and the environment has none")
        if name not in found:
            raise RecordedError(f"holds no masks of actions ({name}), and the environment has some")
    for name, (shape, dtype) in wanted.items():
        value = found[name]
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
