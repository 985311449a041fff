"""A network is given what its `call` takes, and its outputs are known before it is called."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from rlkit import apply, output_spec
from rlkit.noise.traced import TracedNoise


class Noisy(keras.Layer):
    def call(self, inputs, noise=None):
        return inputs if noise is None else inputs + noise.uniform(inputs.shape)


class Counting(keras.Layer):
    """Adds how often it was called, row by row."""

    def initial_state(self, rows):
        return tf.zeros((rows, 1))

    def call(self, inputs, state):
        return tf.concat([inputs + state, inputs], -1), state + 1.0


class Both(keras.Layer):
    """Reads a picture and an action."""

    def call(self, inputs):
        picture, action = inputs["picture"], inputs["action"]
        return tf.concat([tf.reduce_mean(tf.cast(picture, tf.float32), (1, 2)), action], -1)


X = tf.constant([[1.0, 2.0], [3.0, 4.0]])


def test_a_plain_network_is_given_its_inputs_and_the_state_comes_back():
    outputs, state = apply(keras.layers.Rescaling(2.0), X, TracedNoise(), "kept")
    assert outputs.numpy().tolist() == [[2, 4], [6, 8]]
    assert state == "kept"


def test_a_noisy_network_is_noisy_with_noise_and_still_without():
    noise = TracedNoise(uniforms=np.full(4, 0.5, np.float32))
    assert apply(Noisy(), X, noise)[0].numpy().tolist() == [[1.5, 2.5], [3.5, 4.5]]
    assert apply(Noisy(), X)[0].numpy().tolist() == X.numpy().tolist()


def test_a_network_that_remembers_is_given_its_state_and_returns_the_next():
    network = Counting()
    state = network.initial_state(2)
    for call in range(3):
        outputs, state = apply(network, X, state=state)
        assert outputs.numpy()[0].tolist() == [1 + call, 2 + call, 1, 2]
    assert state.numpy().tolist() == [[3], [3]]


def test_outputs_are_known_without_the_batch():
    spec = tf.TensorSpec((2,), tf.float32)
    dense = keras.Sequential([keras.Input((2,)), keras.layers.Dense(7)])
    for network, units in ((dense, 7), (Noisy(), 2), (Counting(), 4)):
        assert output_spec(network, spec) == tf.TensorSpec((units,), tf.float32)


def test_outputs_of_a_network_that_reads_several_inputs_are_known_too():
    inputs = {"picture": tf.TensorSpec((4, 4, 3), tf.uint8), "action": tf.TensorSpec((2,), tf.float32)}
    assert output_spec(Both(), inputs) == tf.TensorSpec((5,), tf.float32)
