"""The games: the package's states and draws in the form of the twins."""

from __future__ import annotations

import numpy as np

from rlkit_worlds.minatar.asterix import AsterixAllMoves
from rlkit_worlds.minatar.breakout import BreakoutAllMoves
from rlkit_worlds.minatar.freeway import FreewayAllMoves
from rlkit_worlds.minatar.space_invaders import SpaceInvadersAllMoves
from tests.plugins.rlkit_worlds.minatar.recording import Game


def _breakout_state(game):
    env = game.env
    down, right = ((-1, -1), (-1, 1), (1, 1), (1, -1))[env.ball_dir]
    bricks = int(np.sum(env.brick_map[1:4].reshape(-1) * 2 ** np.arange(30)))
    assert np.count_nonzero(env.brick_map) == np.count_nonzero(env.brick_map[1:4])
    ball = [env.ball_y, env.ball_x, down, right, env.last_y, env.last_x]
    return np.array([game.last_action, env.pos, *ball, env.strike, bricks], np.int32)


def _nothing_drawn(drawn, others):
    assert not drawn
    return [], []


def _asterix_state(game):
    env = game.env
    clocks = [env.spawn_speed, env.spawn_timer, env.move_speed, env.move_timer, env.ramp_timer, env.ramp_index]
    lanes = np.zeros((3, 8), np.int32)
    for lane, entity in enumerate(env.entities):
        if entity is not None:
            column, row, from_left, gold = entity
            assert row == lane + 1
            lanes[:, lane] = column, 1 if from_left else -1, gold
    return np.array([game.last_action, env.player_y, env.player_x, *clocks], np.int32), lanes


def _asterix_drawn(drawn, others):
    slot = drawn[2] if len(drawn) == 3 else 99
    return drawn[:2] or others.random(2).tolist(), [slot]


def _asterix_harder(env):
    env.spawn_speed, env.move_speed = 2, 1


def _freeway_state(game):
    env = game.env
    cars = np.array([[car[0], car[2], car[3]] for car in env.cars], np.int32).T
    assert [car[1] for car in env.cars] == list(range(1, 9))
    return np.array([game.last_action, env.pos, env.move_timer, env.terminate_timer], np.int32), cars


def _freeway_drawn(drawn, others):
    if not drawn:
        return [], others.integers(10_000, size=2).tolist()
    speed, direction = drawn
    digits = speed - 1 + 5 * (direction > 0.5)
    return [], (digits.reshape(2, 4) @ 10 ** np.arange(4)).tolist()


def _space_invaders_state(game):
    env = game.env
    cannon = [env.pos, env.shot_timer]
    aliens = [env.alien_dir, env.alien_move_timer, env.enemy_move_interval, env.alien_shot_timer, env.ramp_index]
    maps = np.array([env.alien_map, env.f_bullet_map, env.e_bullet_map], bool)
    return np.array([game.last_action, *cannon, *aliens], np.int32), maps


def _space_invaders_harder(env):
    env.alien_map[:] = 0
    env.alien_map[2, 3:5] = 1


GAMES = [
    Game("breakout", BreakoutAllMoves(), _breakout_state, _nothing_drawn),
    Game("asterix", AsterixAllMoves(), _asterix_state, _asterix_drawn, _asterix_harder),
    Game("freeway", FreewayAllMoves(), _freeway_state, _freeway_drawn),
    Game("space_invaders", SpaceInvadersAllMoves(), _space_invaders_state, _nothing_drawn, _space_invaders_harder),
]
