"""Aliens that come down in rows."""

from __future__ import annotations

from typing import ClassVar

import tensorflow as tf

from rlkit import Nest, Noise, Tensor, Transition, component
from rlkit_worlds.minatar.game import FIRE, LEFT, RIGHT, SIZE, STAY, MinAtarGame, cells, integer, walked

_LAST = SIZE - 1
_COOL_DOWN, _MOVE_INTERVAL, _SHORTEST_MOVE_INTERVAL, _ALIEN_SHOT_INTERVAL = 5, 12, 6, 10


@component
class SpaceInvadersAllMoves(MinAtarGame):
    """MinAtar's Space Invaders with all six moves: shoot the aliens, 1 for each.

    They march sideways, turn and come down a row at the edge, and march faster the fewer they are; the one nearest to
    the cannon's column shoots every tenth step. A new wave, which marches faster, comes when all are shot. Terminated
    when a bullet or an alien hits the cannon, or they would come down from the lowest row.
    Channels: cannon, aliens, aliens marching left, aliens marching right, own bullets, aliens' bullets.
    State: (8,) int32, `last_move, column, steps until the cannon is ready, the aliens' direction (±1), steps until they
    move, their longest move interval, steps until one shoots, how often it got harder`; and (3, 10, 10) bool: aliens,
    own bullets, aliens' bullets.
    """

    channels: ClassVar[int] = 6

    def reset(self, noise: Noise) -> Nest:
        """See `CompiledEnvironment`."""
        aliens = _wave()
        clocks = tf.constant([STAY, 5, 0, -1, _MOVE_INTERVAL, _MOVE_INTERVAL, _ALIEN_SHOT_INTERVAL, 0])
        return clocks, tf.stack([aliens, tf.zeros_like(aliens), tf.zeros_like(aliens)])

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        column, direction = state[0][1], state[0][3]
        aliens, bullets, alien_bullets = tf.unstack(state[1])
        cannon = tf.equal(cells()[:, :, 0], SIZE * _LAST + column)
        return tf.stack(
            [cannon, aliens, aliens & (direction < 0), aliens & (direction > 0), bullets, alien_bullets], -1
        )

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        last_move, column, until_ready, direction, until_move, interval, until_shot, ramps = tf.unstack(state[0])
        aliens, bullets, alien_bullets = tf.unstack(state[1])
        move = self.move(action, last_move, noise.uniform(()))
        cell, columns = cells()[:, :, 0], tf.range(SIZE)

        fires = tf.equal(move, FIRE) & tf.equal(until_ready, 0)
        column = walked(column, move, LEFT, RIGHT)
        # A bullet leaves the cannon's row at once, so that row never holds one after a step.
        bullets = _moved(bullets, -1) | (fires & tf.equal(cell, SIZE * (_LAST - 1) + column))
        alien_bullets = _moved(alien_bullets, 1)
        until_ready = tf.where(fires, _COOL_DOWN, until_ready)

        moves, count = tf.equal(until_move, 0), tf.reduce_sum(integer(aliens))
        until_move = tf.where(moves, tf.minimum(count, interval), until_move)
        left = direction < 0
        turns = moves & tf.reduce_any(tf.where(left, aliens[:, 0], aliens[:, _LAST]))
        sideways = tf.where(left, tf.roll(aliens, -1, 1), tf.roll(aliens, 1, 1))
        marched = tf.where(turns, tf.roll(aliens, 1, 0), tf.where(moves, sideways, aliens))
        direction = tf.where(turns, -direction, direction)
        in_row = aliens[_LAST] | marched[_LAST] | alien_bullets[_LAST]
        hit = tf.equal(columns, column) & in_row
        terminated = tf.reduce_any(hit | (turns & aliens[_LAST]))
        aliens = marched

        shoots = tf.equal(until_shot, 0)
        until_shot = tf.where(shoots, _ALIEN_SHOT_INTERVAL, until_shot)
        # Of the columns with aliens the nearest, the left one of two; of its aliens the lowest.
        distance = 2 * tf.abs(columns - column) + integer(columns > column)
        order = SIZE * distance + _LAST - cell // SIZE
        first = tf.reduce_min(tf.where(aliens, order, 1000))
        alien_bullets |= shoots & tf.equal(order, first)

        shot = aliens & bullets
        aliens, bullets = aliens & ~shot, bullets & ~shot
        kills = tf.reduce_sum(integer(shot))
        cleared = tf.equal(kills, count)
        harder = cleared & (interval > _SHORTEST_MOVE_INTERVAL) & self.difficulty_ramping
        aliens |= cleared & _wave()
        clocks = [tf.maximum(until_ready - 1, 0), direction, until_move - 1, interval - integer(harder), until_shot - 1]
        after = tf.stack([move, column, *clocks, ramps + integer(harder)])
        boards = tf.stack([aliens, bullets, alien_bullets])
        return Transition((after, boards), tf.cast(kills, tf.float32), terminated)


def _wave() -> Tensor:
    """Where a wave of aliens begins: (10, 10) bool."""
    row, column = tf.range(SIZE)[:, None], tf.range(SIZE)[None, :]
    return (row < 4) & (column >= 2) & (column < 8)


def _moved(bullets: Tensor, rows: int) -> Tensor:
    """Bullets one row further down (`rows` 1) or up (-1), gone at the edge."""
    kept, edge = (bullets[:-1], [[1, 0], [0, 0]]) if rows > 0 else (bullets[1:], [[0, 1], [0, 0]])
    return tf.pad(kept, edge)


@component
class SpaceInvaders(SpaceInvadersAllMoves):
    """MinAtar's Space Invaders with the moves that do something: stay, left, right, fire.

    Otherwise as in `SpaceInvadersAllMoves`.
    """

    moves: ClassVar[tuple[int, ...]] = (STAY, LEFT, RIGHT, FIRE)
