"""Clipping by the norm of all gradients, where that is 0, too."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import Array, Discrete, Spaces
from rlkit.programs.making import make
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.optimizers.adam import Adam
from rlkit_dqn.optimizers.norm_clipping import scaled_down


def test_gradients_are_scaled_down_together_or_stay_as_they_are():
    large, small = [tf.constant([3.0, 0.0]), None, tf.constant([[4.0]])], [tf.constant([0.3]), tf.constant([0.4])]
    found = scaled_down(large, 2.0)
    assert found[1] is None
    np.testing.assert_allclose(found[0], [1.2, 0.0], rtol=1e-6)
    np.testing.assert_allclose(found[2], [[1.6]], rtol=1e-6)
    for kept, gradient in zip(scaled_down(small, 2.0), small, strict=True):
        np.testing.assert_array_equal(kept, gradient)


def test_no_gradient_at_all_is_no_nan():
    (found,) = scaled_down([tf.zeros((2,))], 1.0)
    np.testing.assert_array_equal(found, [0.0, 0.0])


def test_an_agent_that_clips_converts_and_learns_from_no_error_in_litert():
    agent = DQN(
        batch_size=4, network=MLP(hidden=(4,)), optimizer=Adam(clip_norm=10.0), buffer=UniformBuffer(capacity=10)
    )
    made = make(agent, agent.buffer, Spaces(Array((2,), "float32"), Discrete(2)), 0)
    assert made.acting.backend.name == "litert"
