"""Steps in a loop are steps written out: outputs, states and gradients."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit_dqn import MLP, RecurrentNetwork
from rlkit_dqn.agents import unrolling

STEPS, ROWS, READ, UNITS = 6, 4, 3, 2


@pytest.fixture(params=["gru", "lstm"])
def torso(request):
    network = RecurrentNetwork(cell=request.param, size=UNITS, encoder=MLP(hidden=(4,)))
    return network.build(tf.TensorSpec((READ,)))


def normal(seed, *shape):
    return tf.constant(np.random.default_rng(seed).normal(size=shape), tf.float32)


def state(torso, *lead):
    return tuple(normal(9 + place, *lead, ROWS, UNITS) for place in range(torso.cell.parts))


def both_ways(monkeypatch, function):
    """What a function returns where steps are written out, and where they loop."""
    found = []
    for most in (STEPS, 1):
        monkeypatch.setattr(unrolling, "MOST_WRITTEN_OUT", most)
        monkeypatch.setattr(unrolling, "CHUNK", 3)
        found.append(tf.function(function, autograph=False)())
    return zip(*map(tf.nest.flatten, found), strict=True)


def test_a_loop_has_the_features_state_and_gradients_of_steps_written_out(torso, monkeypatch):
    inputs, start, share = normal(0, STEPS, ROWS, READ), state(torso), normal(1, STEPS, ROWS, UNITS)

    def function():
        with tf.GradientTape() as tape:
            tape.watch([inputs, start])
            features, after = unrolling.unrolled(torso, inputs, start, None)
            loss = tf.reduce_sum(features * share) + tf.add_n([tf.reduce_sum(tf.square(leaf)) for leaf in after])
        return features, after, tape.gradient(loss, [inputs, start, torso.trainable_variables])

    for written_out, loop in both_ways(monkeypatch, function):
        np.testing.assert_allclose(loop, written_out, rtol=1e-4, atol=1e-5)


def test_burn_in_starts_each_row_from_the_state_of_its_first_valid_step(torso, monkeypatch):
    inputs, stored = normal(0, STEPS - 1, ROWS, READ), state(torso, STEPS)
    firsts = (0, 1, STEPS - 1, 2)
    begins = tf.constant([[time == first for first in firsts] for time in range(STEPS)])
    for written_out, loop in both_ways(monkeypatch, lambda: unrolling.burned_in(torso, inputs, stored, begins, None)):
        np.testing.assert_allclose(loop, written_out, rtol=1e-4, atol=1e-5)
    found = unrolling.burned_in(torso, inputs, stored, begins, None)
    for row, first in enumerate(firsts):
        now = tuple(leaf[first, row][None] for leaf in stored)
        for time in range(first, STEPS - 1):
            _, now = torso(inputs[time, row][None], state=now)
        for leaf, expected in zip(found, now, strict=True):
            np.testing.assert_allclose(leaf[row], expected[0], rtol=1e-4, atol=1e-5)
