"""What swims and flies in Seaquest: arrays of one column a thing, the newest first, with its fields in the rows."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from rlkit import Tensor
from rlkit_worlds.minatar.game import SIZE, integer
from rlkit_worlds.minatar.seaquest_board import NOWHERE, on_board

DIVER_MOVE_INTERVAL, GUN_INTERVAL, BERTHS = 5, 10, 6
ENEMY_KINDS = 48
"""Sides × (two kinds of fish, one of submarine) × 8 rows."""
DIVER_KINDS = 16
"""Sides × 8 rows."""


def enemy(kind: Tensor, move_interval: Tensor) -> list[Tensor | int]:
    """A new enemy: row, direction, column, steps until it moves, until it shoots (-1 for a fish), no bullet."""
    gun = tf.where(tf.equal(kind // 2 % 3, 0), GUN_INTERVAL, -1)
    return [*_side(kind, kind // 6), move_interval, gun, NOWHERE]


def diver(kind: Tensor) -> list[Tensor | int]:
    """A new diver: row, direction, column, steps until it moves."""
    return [*_side(kind, kind // 2), DIVER_MOVE_INTERVAL]


def _side(kind: Tensor, lane: Tensor) -> list[Tensor]:
    from_left = tf.equal(kind % 2, 1)
    return [lane + 1, tf.where(from_left, 1, -1), tf.where(from_left, 0, SIZE - 1)]


def joined(things: Tensor, new: Sequence[Tensor | int], joins: Tensor) -> Tensor:
    """The things with a new one if it joins; the oldest, which is gone by then, makes room."""
    return tf.where(joins, tf.concat([tf.stack(new)[:, None], things[:, :-1]], 1), things)


def way_free(enemies: Tensor, new: Sequence[Tensor | int]) -> Tensor:
    """Whether no enemy comes the other way in the new one's row: () bool."""
    row, heading, column, *_ = tf.unstack(enemies)
    return ~tf.reduce_any(on_board(column) & tf.equal(row, new[0]) & tf.not_equal(heading, new[1]))


def flown(bullets: Tensor) -> Tensor:
    """The player's bullets one cell further."""
    row, heading, column = tf.unstack(bullets)
    return tf.stack([row, heading, tf.where(on_board(column + heading), column + heading, NOWHERE)])


def struck(bullets: Tensor, row: Tensor, column: Tensor, mortal: Tensor, rank: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What bullets hit of the mortal things at (row, column), each (n,): one each, of several the highest in rank.

    No two of the bullets are ever in one cell. Returns the bullets that are left, (n,) bool of what was hit, and how
    many bullets hit, () int32.
    """
    same = tf.equal(bullets[0][:, None], row) & tf.equal(bullets[2][:, None], column)
    ranks = tf.where(same & on_board(bullets[2])[:, None] & mortal, rank, -1)
    best = tf.reduce_max(ranks, 1)
    hits = best >= 0
    taken = tf.reduce_any(hits[:, None] & tf.equal(ranks, best[:, None]), 0)
    left = tf.stack([bullets[0], bullets[1], tf.where(hits, NOWHERE, bullets[2])])
    return left, taken, tf.reduce_sum(integer(hits))


def picked_up(divers: Tensor, row: Tensor, column: Tensor, aboard: Tensor) -> tuple[Tensor, Tensor]:
    """The divers after they met the player and moved, and how many are aboard; while there is room, newest first."""
    after = []
    for index in range(divers.shape[1]):
        diver_row, heading, place, wait = tf.unstack(divers[:, index])
        room = tf.equal(diver_row, row) & (aboard < BERTHS)
        met = room & tf.equal(place, column)
        moves = ~met & tf.equal(wait, 0)
        place = tf.where(moves, place + heading, place)
        met |= room & tf.equal(place, column)
        aboard += integer(met)
        place = tf.where(met | ~on_board(place), NOWHERE, place)
        after.append(tf.stack([diver_row, heading, place, tf.where(moves, DIVER_MOVE_INTERVAL, wait - 1)]))
    return tf.stack(after, 1), aboard
