"""Seaquest's arrays have room for all that can be on the board."""

import numpy as np
import tensorflow as tf
from minatar import Environment

from tests.plugins.rlkit_worlds.minatar.games import GAMES
from tests.plugins.rlkit_worlds.minatar.recording import RecordedRandom, ServedNoise

_SEAQUEST = next(game for game in GAMES if game.name == "seaquest")


class _Crowd(RecordedRandom):
    """Each enemy is a submarine from the left, so that none is refused its row."""

    def rand(self, *shape):
        return self._keep(0.25)


def test_a_board_as_crowded_as_can_be_loses_nobody():
    original = Environment("seaquest", sticky_action_prob=0.0)
    original.random = original.env.random = _Crowd(0)
    original.env.e_spawn_speed, original.env.e_spawn_timer, original.env.move_speed = 1, 0, 2
    first = _SEAQUEST.state(original)
    draws, observations, most = [], [], 0
    for _ in range(300):
        original.random.forget()
        _, terminated = original.act(0)
        assert not terminated
        uniforms, integers = _SEAQUEST.drawn(original.random.drawn[1:], np.random.default_rng(0))
        draws.append((np.array([0.25, *uniforms], np.float32), np.array(integers, np.int64)))
        observations.append(original.state())
        most = max(most, len(original.env.e_subs))
    assert most >= 29

    def step(carried, drawn):
        after = _SEAQUEST.twin.step(carried[0], tf.constant(0), ServedNoise(*drawn)).state
        return after, _SEAQUEST.twin.observe(after)

    @tf.function(jit_compile=True, autograph=False)
    def run(state, drawn):
        return tf.scan(step, drawn, (state, _SEAQUEST.twin.observe(state)))

    drawn = tuple(np.array(column) for column in zip(*draws, strict=True))
    states, shown = run(tf.nest.map_structure(tf.constant, first), tf.nest.map_structure(tf.constant, drawn))
    np.testing.assert_array_equal(shown, observations)
    alive = np.sum(states[1].numpy()[-1, 2] >= 0)
    assert alive == len(original.env.e_subs)
