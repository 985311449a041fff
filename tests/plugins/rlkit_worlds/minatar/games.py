"""The games: the package's states and draws in the form of the twins."""

from __future__ import annotations

import numpy as np

from rlkit_worlds.minatar.asterix import AsterixAllMoves
from rlkit_worlds.minatar.breakout import BreakoutAllMoves
from rlkit_worlds.minatar.freeway import FreewayAllMoves
from rlkit_worlds.minatar.seaquest import Seaquest
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


def _heading(right):
    return 1 if right else -1


def _seaquest_state(game):
    env = game.env
    clocks = [env.e_spawn_speed, env.e_spawn_timer, env.d_spawn_timer, env.move_speed, env.ramp_index]
    boat = [env.sub_y, env.sub_x, _heading(env.sub_or), env.oxygen, env.diver_count, env.shot_timer, env.surface]
    enemies, bullets, divers = (np.full(shape, -2, np.int32) for shape in ((6, 32), (3, 2), (4, 2)))
    swim = [[y, _heading(right), x, wait, -1, -2] for x, y, right, wait in reversed(env.e_fish)]
    swim += [[y, _heading(right), x, wait, gun, -2] for x, y, right, wait, gun in reversed(env.e_subs)]
    for x, y, right in env.e_bullets:
        # A bullet flies alike beside any enemy that swims the same way and does not shoot now, or beside none.
        lane = (thing for thing in swim if thing[:2] == [y, _heading(right)] and thing[4] and thing[5] == -2)
        beside = next(lane, None)
        if beside is None:
            swim.append([y, _heading(right), -2, 1, -1, x])
        else:
            beside[5] = x
    assert len(swim) < 32, "the last place must be free for what spawns"
    for place, thing in enumerate(swim):
        enemies[:, place] = thing
    for place, (x, y, right) in enumerate(reversed(env.f_bullets)):
        bullets[:, place] = y, _heading(right), x
    for place, (x, y, right, wait) in enumerate(reversed(env.divers)):
        divers[:, place] = y, _heading(right), x, wait
    return np.array([game.last_action, *boat, *clocks], np.int32), enemies, bullets, divers


def _seaquest_drawn(drawn, others):
    enemy, diver = others.integers(48), others.integers(16)
    if len(drawn) in (3, 5):
        left, submarine, row = drawn[:3]
        enemy = (left < 1 / 2) + 2 * (0 if submarine < 1 / 3 else others.integers(1, 3)) + 6 * (row - 1)
    if len(drawn) in (2, 5):
        left, row = drawn[-2:]
        diver = (left < 1 / 2) + 2 * (row - 1)
    return [], [enemy, diver]


def _seaquest_harder(env):
    ramps = [1, 4, 8, 15, 18, 19][env.random.randint(6)]
    env.e_spawn_speed, env.move_speed, env.ramp_index = 20 - ramps, max(2, 5 - ramps // 2), ramps
    env.e_spawn_timer, env.diver_count, env.oxygen = 1, env.random.randint(7), 20 + env.random.randint(180)
    if env.random.randint(2):
        # Three in one cell, the oldest first, and a bullet on its way to them.
        env.sub_y, env.sub_x, env.sub_or, env.surface = 4, 2, True, False
        env.f_bullets = [[3 + env.random.randint(2), 4, True]]
        for wait in range(3):
            if env.random.randint(2):
                env.e_fish.append([6, 4, False, wait])
            else:
                env.e_subs.append([6, 4, False, wait, env.random.randint(11)])


def _seaquest_canonical(state):
    player, enemies, bullets, divers = state
    row, heading, column, wait, gun, bullet = np.moveaxis(enemies, 1, 0)
    lane = 2 * row + (heading > 0)
    swim = ((lane * 10 + column) * 16 + wait) * 16 + np.maximum(gun, -1) + 1
    bullet_row, bullet_heading, bullet_column = np.moveaxis(bullets, 1, 0)
    diver_row, diver_heading, diver_column, diver_wait = np.moveaxis(divers, 1, 0)
    return (
        player,
        np.sort(np.where(column >= 0, swim, -1)),
        np.sort(np.where(bullet >= 0, lane * 10 + bullet, -1)),
        np.sort(np.where(bullet_column >= 0, (bullet_row * 2 + (bullet_heading > 0)) * 10 + bullet_column, -1)),
        np.sort(
            np.where(
                diver_column >= 0, ((diver_row * 2 + (diver_heading > 0)) * 10 + diver_column) * 8 + diver_wait, -1
            )
        ),
    )


def _breakout_harder(env):
    env.brick_map[1:4] = 0
    env.brick_map[3, env.random.randint(10)] = env.random.randint(2)


def _freeway_harder(env):
    env.pos = 1 + env.random.randint(3)


def _freeway_begun(drawn):
    return _freeway_drawn(drawn, None)[1]


GAMES = [
    Game("breakout", BreakoutAllMoves(), _breakout_state, _nothing_drawn, harder=_breakout_harder),
    Game("asterix", AsterixAllMoves(), _asterix_state, _asterix_drawn, harder=_asterix_harder),
    Game("freeway", FreewayAllMoves(), _freeway_state, _freeway_drawn, _freeway_begun, _freeway_harder),
    Game(
        "seaquest",
        Seaquest(),
        _seaquest_state,
        _seaquest_drawn,
        harder=_seaquest_harder,
        canonical=_seaquest_canonical,
    ),
    Game(
        "space_invaders",
        SpaceInvadersAllMoves(),
        _space_invaders_state,
        _nothing_drawn,
        harder=_space_invaders_harder,
    ),
]
