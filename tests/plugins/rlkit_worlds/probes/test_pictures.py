from __future__ import annotations

import numpy as np
import pytest

from rlkit_worlds.probes.board import AGENT, COSTLY, EMPTY, GOAL, OTHER, WALL, picture
from rlkit_worlds.probes.catch import Catch
from rlkit_worlds.probes.chain import Chain
from rlkit_worlds.probes.deep_sea import DeepSea
from rlkit_worlds.probes.grid_world import GridWorld
from rlkit_worlds.probes.t_maze import TMaze


@pytest.mark.parametrize(
    ("environment", "state", "board"),
    [
        (Catch(rows=3, columns=3), [1, 2, 0], [[EMPTY] * 3, [EMPTY, EMPTY, OTHER], [AGENT, EMPTY, EMPTY]]),
        (Chain(n=4), 1, [[COSTLY, AGENT, EMPTY, GOAL]]),
        (DeepSea(size=2), [1, 0], [[COSTLY, EMPTY], [AGENT, GOAL]]),
        (DeepSea(size=2), [2, 1], [[COSTLY, EMPTY], [COSTLY, GOAL]]),
        (TMaze(length=2), [0, 1], [[WALL, WALL, EMPTY], [AGENT, EMPTY, EMPTY], [WALL, WALL, GOAL]]),
        (TMaze(length=2), [2, 0], [[WALL, WALL, GOAL], [EMPTY, EMPTY, AGENT], [WALL, WALL, EMPTY]]),
        (GridWorld(map=("S#G", ".3.")), 3, [[EMPTY, WALL, GOAL], [AGENT, COSTLY, EMPTY]]),
    ],
)
def test_a_state_is_drawn_square_by_square(environment, state, board):
    drawn = environment.render(np.array(state, np.int32))
    np.testing.assert_array_equal(drawn, picture(np.array(board)))
    assert drawn.shape == (24 * len(board), 24 * len(board[0]), 3)
    assert drawn.dtype == np.uint8


def test_squares_differ_in_colour():
    drawn = picture(np.array([[EMPTY, WALL, GOAL, AGENT, OTHER, COSTLY]]))
    assert len({tuple(drawn[12, 12 + 24 * square]) for square in range(6)}) == 6
