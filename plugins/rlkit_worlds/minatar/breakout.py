"""A ball, a paddle and three rows of bricks."""

from __future__ import annotations

from typing import ClassVar

import tensorflow as tf

from rlkit import Nest, Noise, Tensor, Transition, component
from rlkit_worlds.minatar.game import LEFT, RIGHT, SIZE, STAY, MinAtarGame, cells, walked

_FIRST_BRICK, _BRICKS = SIZE, 3 * SIZE
_WALL = 2**_BRICKS - 1


@component
class BreakoutAllMoves(MinAtarGame):
    """MinAtar's Breakout with all six moves: keep the ball in play, 1 for each brick it breaks.

    The ball flies along diagonals and turns back at walls, bricks and the paddle; broken down, the wall is built anew
    when the ball comes to the lowest row. Terminated when it gets past the paddle there.
    Channels: paddle, ball, trail (where the ball was), bricks.
    State: (10,) int32, `last_move, paddle, row, column, vertical and horizontal direction (±1), the row and column
    before, whether the ball was in a brick, bricks`; of the last, bit k is the brick of cell 10 + k.
    """

    channels: ClassVar[int] = 4

    def reset(self, noise: Noise) -> Nest:
        """See `CompiledEnvironment`."""
        right = tf.cast(noise.integers((), 2), tf.int32)
        column = 9 * right
        return tf.stack([STAY, 4, 3, column, 1, 1 - 2 * right, 3, column, 0, _WALL])

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        _, paddle, row, column, _, _, last_row, last_column, _, bricks = tf.unstack(state)
        marked = tf.stack([9 * SIZE + paddle, SIZE * row + column, SIZE * last_row + last_column, -1])
        brick = tf.range(SIZE * SIZE) - _FIRST_BRICK
        bits = tf.where((brick >= 0) & (brick < _BRICKS), tf.bitwise.left_shift(1, tf.clip_by_value(brick, 0, 30)), 0)
        bits = tf.reshape(bits, (SIZE, SIZE, 1)) * tf.constant([0, 0, 0, 1])
        return tf.equal(cells(), marked) | tf.not_equal(tf.bitwise.bitwise_and(bits, bricks), 0)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        last_move, paddle, last_row, last_column, down, right, _, _, was_inside, bricks = tf.unstack(state)
        move = self.move(action, last_move, noise.uniform(()))
        paddle = walked(paddle, move, LEFT, RIGHT)

        row, column = last_row + down, last_column + right
        side = (column < 0) | (column > SIZE - 1)
        column = tf.clip_by_value(column, 0, SIZE - 1)
        right = tf.where(side, -right, right)

        brick = SIZE * row + column - _FIRST_BRICK
        bit = tf.where(
            (brick >= 0) & (brick < _BRICKS), tf.bitwise.left_shift(1, tf.clip_by_value(brick, 0, _BRICKS - 1)), 0
        )
        inside = tf.not_equal(tf.bitwise.bitwise_and(bricks, bit), 0)
        broken = inside & tf.equal(was_inside, 0)
        bricks = tf.where(broken, bricks - bit, bricks)

        lowest = tf.equal(row, SIZE - 1)
        bricks = tf.where(lowest & tf.equal(bricks, 0), _WALL, bricks)
        straight = lowest & tf.equal(last_column, paddle)
        aslant = lowest & ~straight & tf.equal(column, paddle)
        terminated = lowest & ~straight & ~aslant
        right = tf.where(aslant, -right, right)

        top = row < 0
        down = tf.where(top | broken | straight | aslant, -down, down)
        row = tf.where(broken | straight | aslant, last_row, tf.maximum(row, 0))
        after = [move, paddle, row, column, down, right, last_row, last_column, tf.cast(inside, tf.int32), bricks]
        return Transition(tf.stack(after), tf.cast(broken, tf.float32), terminated)


@component
class Breakout(BreakoutAllMoves):
    """MinAtar's Breakout with the moves that do something (stay, left, right); otherwise as in `BreakoutAllMoves`."""

    moves: ClassVar[tuple[int, ...]] = (STAY, LEFT, RIGHT)
