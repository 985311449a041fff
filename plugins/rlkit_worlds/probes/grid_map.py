"""A gridworld's map, read from lines of text."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit import ParameterError

ALLOWED = "S (start), G (goal), # (wall), . (free), 1 to 9 (free, costs so many times as much)"
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
"""(rows, columns): up, right, down, left."""
_MOST_SQUARES = 10_000


class GridMap(NamedTuple):
    """A map as arrays by square, numbered row by row."""

    rows: int
    columns: int
    starts: npt.NDArray[np.int32]
    """(starts,): squares."""
    goal: npt.NDArray[np.bool_]
    """(squares,)."""
    wall: npt.NDArray[np.bool_]
    """(squares,)."""
    costs: npt.NDArray[np.float32]
    """(squares,): how many times the cost of a step it costs to enter."""
    successors: npt.NDArray[np.int32]
    """(squares, 4): where each move leads; it stays where a wall or the edge is in the way."""


@lru_cache(maxsize=16)
def read_map(lines: tuple[str, ...]) -> GridMap:
    """The map that the lines draw.

    Raises:
        ParameterError: about `map`, with row and column counted from 1: an unknown character, lines of different
            lengths, no start, no goal, a start from which no goal can be reached.
    """
    if not lines or not lines[0]:
        raise ParameterError("map", f"found no squares; it is a list of lines of equal length, made of {ALLOWED}")
    rows, columns = len(lines), len(lines[0])
    if rows * columns > _MOST_SQUARES:
        raise ParameterError("map", f"found {rows} · {columns} squares; at most {_MOST_SQUARES:,} are allowed")
    for row, line in enumerate(lines, 1):
        for column, found in enumerate(line, 1):
            if found not in "SG#.123456789":
                raise ParameterError("map", f"row {row}, column {column}: found {found!r}; allowed: {ALLOWED}")
        if len(line) != columns:
            text = f"row {row}: found {len(line)} characters, row 1 has {columns}; all rows must have equally many"
            raise ParameterError("map", text)
    squares = np.array([list(line) for line in lines])
    for letter, meaning in (("S", "start"), ("G", "goal")):
        if not (squares == letter).any():
            raise ParameterError("map", f"found no {letter}; at least one {meaning} is needed")
    flat = squares.ravel()
    successors = _successors(squares == "#")
    reaching = _reaching(successors, flat == "G")
    for start in np.flatnonzero((flat == "S") & ~reaching):
        row, column = divmod(int(start), columns)
        text = f"row {row + 1}, column {column + 1}: found an S from which no G can be reached; leave a way through"
        raise ParameterError("map", text)
    costs = np.where(np.char.isdigit(flat), flat, "1").astype(np.float32)
    starts = np.flatnonzero(flat == "S").astype(np.int32)
    return GridMap(rows, columns, starts, flat == "G", flat == "#", costs, successors)


def _successors(wall: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    here = np.arange(wall.size, dtype=np.int32).reshape(wall.shape)
    fenced = np.pad(wall, 1, constant_values=True)
    beyond = np.pad(here, 1)
    rows, columns = wall.shape
    after = []
    for down, right in MOVES:
        there = (slice(1 + down, 1 + down + rows), slice(1 + right, 1 + right + columns))
        after.append(np.where(fenced[there], here, beyond[there]).ravel())
    return np.stack(after, axis=1)


def _reaching(successors: npt.NDArray[np.int32], goal: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The squares from which a goal can be reached."""
    reaching, before = goal, 0
    while (count := int(reaching.sum())) != before:
        reaching, before = reaching | reaching[successors].any(axis=1), count
    return reaching
