"""A board of coloured squares."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_SQUARE = 24
"""Pixels along an edge."""
EMPTY, WALL, GOAL, AGENT, OTHER, COSTLY = range(6)
_COLOURS = np.array(
    [[238, 238, 238], [60, 60, 60], [70, 160, 90], [50, 100, 200], [215, 95, 45], [240, 215, 165]], np.uint8
)


def picture(board: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """(rows, columns) of the names above to (24 · rows, 24 · columns, 3) uint8, a thin line around every square."""
    painted: npt.NDArray[np.uint8] = _COLOURS[board].repeat(_SQUARE, axis=0).repeat(_SQUARE, axis=1)
    painted[::_SQUARE] = painted[:, ::_SQUARE] = 255
    return painted
