"""What a player of Seaquest sees, and where things are that are nowhere."""

from __future__ import annotations

from functools import reduce

import tensorflow as tf

from rlkit import Nest, Tensor
from rlkit_worlds.minatar.game import SIZE

NOWHERE = -2
"""The column of what is not on the board; a step of one cell from there does not lead onto it."""
FULL_OXYGEN = 200


def on_board(column: Tensor) -> Tensor:
    """Whether a column is one of the board's."""
    return (column >= 0) & (column < SIZE)


def observed(state: Nest) -> Tensor:
    """The board of a state of `Seaquest`: (10, 10, 10) bool, the channels as told there."""
    player, enemies, bullets, divers = state
    _, row, column, facing, oxygen, aboard, *_ = tf.unstack(player)
    enemy_row, enemy_heading, enemy_column, _, gun, enemy_bullet = tf.unstack(enemies)
    diver_row, diver_heading, diver_column, _ = tf.unstack(divers)
    swims_row, swims_column = tf.concat([enemy_row, diver_row], 0), tf.concat([enemy_column, diver_column], 0)
    behind = swims_column - tf.concat([enemy_heading, diver_heading], 0)
    gauge = tf.equal(tf.range(SIZE), SIZE - 1)
    tenths = _bit(tf.maximum(oxygen, 0) * SIZE // FULL_OXYGEN) - 1
    # Counted from the last column but one to the left.
    berths = _bit(SIZE - 1) - _bit(tf.minimum(SIZE - 1 - aboard, SIZE - 1))
    rows = tf.stack(
        [
            _rows(row[None], column[None]),
            _rows(row[None], column[None] - facing),
            _rows(bullets[0], bullets[2]),
            _rows(swims_row, tf.where(on_board(swims_column), behind, NOWHERE)),
            _rows(enemy_row, enemy_bullet),
            _rows(enemy_row, tf.where(gun < 0, enemy_column, NOWHERE)),
            _rows(enemy_row, tf.where(gun < 0, NOWHERE, enemy_column)),
            tf.where(gauge, tenths, 0),
            tf.where(gauge, berths, 0),
            _rows(diver_row, diver_column),
        ],
        1,
    )
    bits = tf.bitwise.left_shift(1, tf.range(SIZE))
    return tf.not_equal(tf.bitwise.bitwise_and(rows[:, None, :], bits[None, :, None]), 0)


def _bit(column: Tensor | int) -> Tensor:
    return tf.bitwise.left_shift(1, tf.cast(column, tf.int32))


def _rows(row: Tensor, column: Tensor) -> Tensor:
    """The board as one number a row, bit k for column k, of things at (row, column), each (n,) int32: (10,) int32.

    A board for each thing would be ten times as many numbers.
    """
    bits = tf.where(on_board(column), _bit(tf.clip_by_value(column, 0, SIZE - 1)), 0)
    here = tf.where(tf.equal(tf.range(SIZE), row[:, None]), bits[:, None], 0)
    return reduce(tf.bitwise.bitwise_or, tf.unstack(here))
