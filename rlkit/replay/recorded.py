"""Recorded steps in a ring: which of them it holds, and where."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.contracts.recorded_data import Recording
from rlkit.contracts.spaces import Spaces
from rlkit.replay.frame_ring import StackError
from rlkit.replay.recorded_check import RecordedError, looked_through
from rlkit.replay.ring import Ring

_AT_ONCE = 4096
"""Rows that are read at once."""


class Taken(NamedTuple):
    """What a ring took of a recording."""

    rows: int
    """In the ring now, the newest that fit."""
    of: int
    """Rows of the recording."""


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
        columns = looked_through(recording.read(first, last), spaces, first, last - first)
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
    columns = looked_through(recording.read(first, rows), spaces, first, newest)
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
