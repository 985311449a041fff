"""The games: the package's states and draws in the form of the twins."""

from __future__ import annotations

import numpy as np
from rlkit_worlds.minatar.breakout import BreakoutAllMoves

from tests.plugins.rlkit_worlds.minatar.recording import Game


def _breakout_state(game):
    env = game.env
    down, right = ((-1, -1), (-1, 1), (1, 1), (1, -1))[env.ball_dir]
    bricks = int(np.sum(env.brick_map[1:4].reshape(-1) * 2 ** np.arange(30)))
    assert np.count_nonzero(env.brick_map) == np.count_nonzero(env.brick_map[1:4])
    ball = [env.ball_y, env.ball_x, down, right, env.last_y, env.last_x]
    return np.array([game.last_action, env.pos, *ball, env.strike, bricks], np.int32)


GAMES = [
    Game("breakout", BreakoutAllMoves(), _breakout_state, lambda drawn, others: ([], [])),
]
