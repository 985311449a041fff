"""Gold and enemies that cross the board."""

from __future__ import annotations

from typing import ClassVar

import tensorflow as tf

from rlkit import Nest, Noise, Tensor, Transition, component
from rlkit_worlds.minatar.game import DOWN, LEFT, RIGHT, SIZE, STAY, UP, MinAtarGame, integer, marked, walked

_LANES = 8
_SPAWN_INTERVAL, _MOVE_INTERVAL, _RAMP_INTERVAL = 10, 5, 100
_GOLD_SHARE = 1 / 3


@component
class AsterixAllMoves(MinAtarGame):
    """MinAtar's Asterix with all six moves: pick up gold, 1 for each, and keep away from the enemies.

    Either comes in from a side, in a lane (rows 1 to 8) that is free, and leaves at the other side. They come and move
    more often as time passes. Terminated when an enemy and the player meet.
    Channels: player, enemies, trails (where an enemy or gold comes from), gold.
    State: (9,) int32, `last_move, row, column, spawn interval, steps until the next spawns, move interval, steps until
    they move, steps until it gets harder, how often it did`; and (3, 8) int32, a column for each lane from the top:
    the column of what is in it, its direction (±1; 0 if the lane is free), whether it is gold.
    """

    channels: ClassVar[int] = 4

    def reset(self, noise: Noise) -> Nest:
        """See `CompiledEnvironment`."""
        clocks = [_SPAWN_INTERVAL, _SPAWN_INTERVAL, _MOVE_INTERVAL, _MOVE_INTERVAL, _RAMP_INTERVAL, 0]
        return tf.constant([STAY, 5, 5, *clocks]), tf.zeros((3, _LANES), tf.int32)

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        row, column = state[0][1], state[0][2]
        place, heading, gold = tf.unstack(tf.pad(state[1], [[0, 0], [1, 1]]))
        player = tf.where(tf.equal(tf.range(SIZE), row), column, -1)
        taken = tf.not_equal(heading, 0)
        enemy = tf.where(taken & tf.equal(gold, 0), place, -1)
        trail = tf.where(taken, place - heading, -1)
        return marked(tf.stack([player, enemy, trail, tf.where(taken & tf.equal(gold, 1), place, -1)], 1))

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        last_move, row, column, spawn_interval, until_spawn, move_interval, until_move, *ramp = tf.unstack(state[0])
        place, heading, gold = tf.unstack(state[1])
        chances = noise.uniform((3,))
        move = self.move(action, last_move, chances[0])

        free = integer(tf.equal(heading, 0))
        lanes = tf.range(_LANES)
        free_above = tf.reduce_sum(tf.where(lanes[None, :] < lanes[:, None], free[None, :], 0), 1)
        which = tf.cast(noise.integers((), tf.maximum(tf.reduce_sum(free), 1)), tf.int32)
        spawns = tf.equal(until_spawn, 0)
        new = spawns & tf.equal(free, 1) & tf.equal(free_above, which)
        from_left = chances[1] < 0.5
        place = tf.where(new, tf.where(from_left, 0, SIZE - 1), place)
        heading = tf.where(new, tf.where(from_left, 1, -1), heading)
        gold = tf.where(new, integer(chances[2] < _GOLD_SHARE), gold)
        until_spawn = tf.where(spawns, spawn_interval, until_spawn)

        row = walked(row, move, UP, DOWN, 1, SIZE - 2)
        column = walked(column, move, LEFT, RIGHT)

        # What the player does not meet before it moves may still run into the player.
        lane = tf.equal(lanes, row - 1)
        meets = lane & tf.equal(place, column) & tf.not_equal(heading, 0)
        heading = tf.where(meets & tf.equal(gold, 1), 0, heading)
        moves = tf.equal(until_move, 0)
        place = tf.where(moves, place + heading, place)
        runs_into = moves & lane & tf.equal(place, column) & tf.not_equal(heading, 0)
        heading = tf.where((runs_into & tf.equal(gold, 1)) | (place < 0) | (place >= SIZE), 0, heading)
        met = meets | runs_into
        reward = tf.reduce_sum(tf.cast(met & tf.equal(gold, 1), tf.float32))
        terminated = tf.reduce_any(met & tf.equal(gold, 0))
        until_move = tf.where(moves, move_interval, until_move)

        clocks = self._ramp(spawn_interval, until_spawn - 1, move_interval, until_move - 1, *ramp)
        # What is left of a lane when it becomes free must not tell one free lane from another.
        lanes_after = tf.where(tf.equal(heading, 0), 0, tf.stack([place, heading, gold]))
        return Transition((tf.stack([move, row, column, *clocks]), lanes_after), reward, terminated)

    def _ramp(
        self,
        spawn_interval: Tensor,
        until_spawn: Tensor,
        move_interval: Tensor,
        until_move: Tensor,
        until_ramp: Tensor,
        ramps: Tensor,
    ) -> tuple[Tensor, ...]:
        """The same after a step, made shorter where it is time: spawn intervals each time, the others every second."""
        may = self.difficulty_ramping & ((spawn_interval > 1) | (move_interval > 1))
        now = may & (until_ramp < 0)
        shorter = now & (move_interval > 1) & tf.equal(ramps % 2, 1)
        until_ramp = tf.where(now, _RAMP_INTERVAL, until_ramp - integer(may))
        spawn_interval = spawn_interval - integer(now & (spawn_interval > 1))
        return (
            spawn_interval,
            until_spawn,
            move_interval - integer(shorter),
            until_move,
            until_ramp,
            ramps + integer(now),
        )


@component
class Asterix(AsterixAllMoves):
    """MinAtar's Asterix with the moves that do something (not fire); otherwise as in `AsterixAllMoves`."""

    moves: ClassVar[tuple[int, ...]] = (STAY, LEFT, UP, RIGHT, DOWN)
