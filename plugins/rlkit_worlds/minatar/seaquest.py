"""A submarine among fish, submarines and divers."""

from __future__ import annotations

from typing import ClassVar

import tensorflow as tf

from rlkit import Nest, Noise, Tensor, Transition, component
from rlkit_worlds.minatar.game import DOWN, FIRE, LEFT, RIGHT, SIZE, STAY, UP, MinAtarGame, integer, walked
from rlkit_worlds.minatar.seaquest_board import FULL_OXYGEN, NOWHERE, observed, on_board
from rlkit_worlds.minatar.seaquest_things import (
    BERTHS,
    DIVER_KINDS,
    ENEMY_KINDS,
    GUN_INTERVAL,
    diver,
    enemy,
    flown,
    joined,
    picked_up,
    struck,
    way_free,
)

_ENEMIES, _BULLETS, _DIVERS = 32, 2, 2
"""As many as there can ever be at a time: the fastest spawn once a step and cross the board within 30, and any other
interval leaves more room; the player's bullets fly for 10 steps at most and leave 5 apart, divers for 60 and 30."""
_SPAWN_INTERVAL, _DIVER_INTERVAL, _MOVE_INTERVAL, _SHORTEST_MOVE_INTERVAL, _COOL_DOWN = 20, 30, 5, 2, 5


@component
class Seaquest(MinAtarGame):
    """MinAtar's Seaquest: shoot fish and submarines, 1 for each, and bring divers to the surface.

    Coming up (row 0) refills the oxygen, costs a diver, and makes enemies come and move more often; with six divers
    aboard it brings up to 10, a tenth of the tank each, and all of them leave. As in the package the one that it costs
    is taken from the empty boat then, so that -1 are aboard. Terminated when an enemy or its bullet hits, when the
    oxygen is used up, and when coming up with none aboard.
    Channels: front, back, own bullets, trails, enemies' bullets, fish, submarines, oxygen, divers aboard, divers.
    State: (13,) int32, `last_move, row, column, direction (±1), oxygen, divers aboard, steps until it may shoot,
    whether it is up, spawn interval, steps until an enemy spawns, until a diver does, move interval, how often it got
    harder`; and the newest first, with column -2 for none: (6, 32) int32, enemies' `row, direction, column, steps until
    it moves, until it shoots (-1 or less for a fish), its bullet's column`; (3, 2) int32, own bullets' `row, direction,
    column`; (4, 2) int32, divers' `row, direction, column, steps until it moves`.
    """

    channels: ClassVar[int] = 10

    def reset(self, noise: Noise) -> Nest:
        """See `CompiledEnvironment`."""
        clocks = [_SPAWN_INTERVAL, _SPAWN_INTERVAL, _DIVER_INTERVAL, _MOVE_INTERVAL, 0]
        player = tf.constant([STAY, 0, 5, -1, FULL_OXYGEN, 0, 0, 1, *clocks])
        return player, *(tf.fill(shape, NOWHERE) for shape in ((6, _ENEMIES), (3, _BULLETS), (4, _DIVERS)))

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        return observed(state)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        player, enemies, bullets, divers = state
        last_move, row, column, facing, oxygen, aboard, until_ready, up, *clocks = tf.unstack(player)
        spawn_interval, until_spawn, until_diver, move_interval, ramps = clocks
        move = self.move(action, last_move, noise.uniform(()))
        drawn = tf.cast(noise.integers((2,), tf.constant([ENEMY_KINDS, DIVER_KINDS], tf.int64)), tf.int32)

        spawns, diver_spawns = tf.equal(until_spawn, 0), tf.equal(until_diver, 0)
        new = enemy(drawn[0], move_interval)
        enemies = joined(enemies, new, spawns & way_free(enemies, new))
        divers = joined(divers, diver(drawn[1]), diver_spawns)
        until_spawn = tf.where(spawns, spawn_interval, until_spawn)
        until_diver = tf.where(diver_spawns, _DIVER_INTERVAL, until_diver)

        fires = tf.equal(move, FIRE) & tf.equal(until_ready, 0)
        bullets = joined(bullets, [row, facing, column], fires)
        until_ready = tf.where(fires, _COOL_DOWN, until_ready)
        row, column = walked(row, move, UP, DOWN, 0, SIZE - 2), walked(column, move, LEFT, RIGHT)
        facing = tf.where(tf.equal(move, LEFT), -1, tf.where(tf.equal(move, RIGHT), 1, facing))

        bullets = flown(bullets)
        enemy_row, heading, place, wait, gun, shot = tf.unstack(enemies)
        # A bullet takes one enemy, of several in a cell fish before submarines, the oldest first.
        age = tf.range(_ENEMIES)
        bullets, killed, kills = struck(bullets, enemy_row, place, on_board(place), age + _ENEMIES * integer(gun < 0))
        place = tf.where(killed, NOWHERE, place)
        divers, aboard = picked_up(divers, row, column, aboard)

        there, moves = on_board(place), tf.equal(wait, 0)
        moved = tf.where(moves, place + heading, place)
        wait = tf.where(moves, move_interval, wait - 1)
        same_row = tf.equal(enemy_row, row)
        rammed = same_row & (tf.equal(place, column) | tf.equal(moved, column))
        arrives = there & moves & ~(same_row & tf.equal(moved, column))
        # Here submarines move before fish, the newest first.
        turn = _ENEMIES * integer(gun >= 0) + _ENEMIES - 1 - age
        bullets, killed, more_kills = struck(bullets, enemy_row, moved, arrives, turn)
        place = tf.where(killed | ~on_board(moved), NOWHERE, moved)

        shoots = there & tf.equal(gun, 0)
        gun = tf.where(gun > 0, gun - 1, tf.where(gun < 0, -1, GUN_INTERVAL))
        shot = tf.where(shoots, moved, shot)
        hit = same_row & (tf.equal(shot, column) | tf.equal(shot + heading, column))
        shot = tf.where(on_board(shot + heading), shot + heading, NOWHERE)
        enemies = tf.stack([enemy_row, heading, place, wait, gun, shot])

        below = row > 0
        comes_up = ~below & tf.equal(up, 0)
        lost = tf.reduce_any(rammed | hit) | (oxygen <= 0) | (comes_up & tf.equal(aboard, 0))
        surfaces = comes_up & tf.not_equal(aboard, 0)
        full = surfaces & tf.equal(aboard, BERTHS)
        bonus = tf.where(full, oxygen * SIZE // FULL_OXYGEN, 0)
        aboard = tf.where(full, 0, aboard) - integer(surfaces)
        oxygen = tf.where(surfaces, FULL_OXYGEN, oxygen - integer(below))
        up = tf.where(below, 0, tf.where(surfaces, 1, up))
        slower = move_interval > _SHORTEST_MOVE_INTERVAL
        harder = surfaces & self.difficulty_ramping & ((spawn_interval > 1) | slower)
        move_interval -= integer(harder & slower & tf.equal(ramps % 2, 1))
        spawn_interval -= integer(harder & (spawn_interval > 1))

        until = [tf.maximum(steps - 1, 0) for steps in (until_ready, until_spawn, until_diver)]
        clocks = [spawn_interval, until[1], until[2], move_interval, ramps + integer(harder)]
        player = tf.stack([move, row, column, facing, oxygen, aboard, until[0], up, *clocks])
        reward = tf.cast(kills + more_kills + bonus, tf.float32)
        return Transition((player, enemies, bullets, divers), reward, lost)
