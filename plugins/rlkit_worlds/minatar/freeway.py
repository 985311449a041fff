"""A road of eight lanes to be crossed on foot."""

from __future__ import annotations

from typing import ClassVar

import tensorflow as tf

from rlkit import Nest, Noise, Tensor, Transition, component
from rlkit_worlds.minatar.game import DOWN, SIZE, STAY, UP, MinAtarGame, marked, walked

_LANES = 8
_COLUMN = 4
"""Where the chicken walks."""
_REST = 3
_FRAMES = 2500


@component
class FreewayAllMoves(MinAtarGame):
    """MinAtar's Freeway with all six moves: cross the road from bottom to top, 1 for each time.

    The chicken moves every third step at most; a car sends it back to the bottom. Each lane has a car, of its own
    speed (a cell every two to six steps) and direction, drawn anew after each crossing. Terminated after 2,501 steps.
    Channels: chicken, cars, and five for the trails of cars of speeds 1 to 5, 1 the fastest.
    State: (4,) int32, `last_move, row, steps until it may move, steps left`; and (3, 8) int32, a column for each lane
    from the top: the car's column, the steps until it moves, its speed (negative to the left).
    """

    channels: ClassVar[int] = 7

    def reset(self, noise: Noise) -> Nest:
        """See `CompiledEnvironment`."""
        speed = _speeds(noise)
        return tf.constant([STAY, SIZE - 1, _REST, _FRAMES]), tf.stack([tf.zeros_like(speed), tf.abs(speed), speed])

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        (_, row, _, _), cars = tf.unstack(state[0]), tf.pad(state[1], [[0, 0], [1, 1]])
        column, _, speed = tf.unstack(cars)
        behind = tf.math.floormod(column - tf.sign(speed), SIZE)
        chicken = tf.where(tf.equal(tf.range(SIZE), row), _COLUMN, -1)
        car = tf.where(tf.equal(speed, 0), -1, column)
        trails = tf.where(tf.equal(tf.abs(speed)[:, None], tf.range(1, 6)), behind[:, None], -1)
        return marked(tf.concat([chicken[:, None], car[:, None], trails], 1))

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        last_move, row, rest, left = tf.unstack(state[0])
        column, wait, speed = tf.unstack(state[1])
        move = self.move(action, last_move, noise.uniform(()))

        walks = tf.equal(rest, 0) & (tf.equal(move, UP) | tf.equal(move, DOWN))
        row = tf.where(walks, walked(row, move, UP, DOWN), row)
        rest = tf.where(walks, _REST, rest)

        across = tf.equal(row, 0)
        row = tf.where(across, SIZE - 1, row)
        speed = tf.where(across, _speeds(noise), speed)
        wait = tf.where(across, tf.abs(speed), wait)

        drives = tf.equal(wait, 0)
        driven = tf.where(drives, tf.math.floormod(column + tf.sign(speed), SIZE), column)
        wait = tf.where(drives, tf.abs(speed), wait - 1)
        lane = tf.equal(tf.range(1, _LANES + 1), row)
        hit = tf.reduce_any(lane & (tf.equal(column, _COLUMN) | tf.equal(driven, _COLUMN)))
        row = tf.where(hit, SIZE - 1, row)

        walker = tf.stack([move, row, tf.maximum(rest - 1, 0), left - 1])
        return Transition((walker, tf.stack([driven, wait, speed])), tf.cast(across, tf.float32), left <= 0)


def _speeds(noise: Noise) -> Tensor:
    """Speeds 1 to 5 in both directions, for each lane: (8,) int32. Of a number, each digit is one of ten speeds."""
    numbers = tf.cast(noise.integers((2,), 10_000), tf.int32)
    digits = tf.reshape(numbers[:, None] // tf.constant([1, 10, 100, 1000]) % 10, (_LANES,))
    return tf.where(digits < 5, -1 - digits, digits - 4)


@component
class Freeway(FreewayAllMoves):
    """MinAtar's Freeway with the moves that do something (stay, up, down); otherwise as in `FreewayAllMoves`."""

    moves: ClassVar[tuple[int, ...]] = (STAY, UP, DOWN)
