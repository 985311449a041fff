"""Spectral normalisation against singular values."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Spaces
from rlkit_dqn import DQN, MLP, SoftUpdate, SpectralLayer, UniformBuffer
from rlkit_dqn.layers.spectral_normalisation import SpectralConvolution, spectral_norm
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call

CARTPOLE = Spaces(Array((4,), "float32"), Discrete(2))


@pytest.fixture
def matrix():
    """Singular values 5, 1.5 and 0.5."""
    rng = np.random.default_rng(0)
    left, _ = np.linalg.qr(rng.normal(size=(6, 3)))
    right, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return (left * [5.0, 1.5, 0.5]) @ right.T


def settled(layer):
    for _ in range(30):
        layer.learned()
    return layer


def test_outputs_are_those_of_a_kernel_of_norm_one(matrix):
    layer = SpectralLayer().build(6, 3, "spectral")
    bias = np.array([0.1, -0.2, 0.3])
    layer.set_weights([matrix, bias, np.ones(3)])
    settled(layer)
    x = np.random.default_rng(1).normal(size=(4, 6)).astype(np.float32)
    np.testing.assert_allclose(layer(x), x @ matrix / 5.0 + bias, rtol=1e-4, atol=1e-5)


def test_a_call_is_one_iteration_on_and_assigns_nothing(matrix):
    layer, u = SpectralLayer().build(6, 3, "spectral"), np.array([0.6, 0.0, 0.8])
    layer.set_weights([matrix, np.zeros(3), u])
    v = matrix @ u / np.linalg.norm(matrix @ u)
    expected = np.linalg.norm(matrix.T @ v)
    np.testing.assert_allclose(layer(np.eye(6, dtype=np.float32)), matrix / expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(layer.vector, u, rtol=1e-6)
    layer.learned()
    np.testing.assert_allclose(layer.vector, matrix.T @ v / expected, rtol=1e-5)


def test_gradient_is_that_of_a_quotient_by_the_singular_value(matrix):
    """Of Σ C ⊙ W/σ(W): C/σ − (Σ C ⊙ W)/σ² · u vᵀ."""
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    of_outputs = np.random.default_rng(2).normal(size=matrix.shape)
    kernel, vector = tf.constant(matrix, tf.float32), tf.constant(right[0], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        total = tf.reduce_sum(tf.cast(of_outputs, tf.float32) * kernel / spectral_norm(kernel, vector))
    expected = of_outputs / values[0] - (of_outputs * matrix).sum() / values[0] ** 2 * np.outer(left[:, 0], right[0])
    np.testing.assert_allclose(tape.gradient(total, kernel), expected, rtol=1e-3, atol=1e-4)


def test_a_kernel_of_zeros_gives_zeros():
    layer = SpectralLayer().build(2, 2, "spectral")
    layer.set_weights([np.zeros((2, 2)), np.zeros(2), np.ones(2)])
    layer.learned()
    np.testing.assert_array_equal(layer(np.ones((1, 2), np.float32)), [[0.0, 0.0]])


def test_convolution_is_divided_by_the_norm_of_its_kernel_as_a_matrix():
    layer, plain = SpectralConvolution(5, 3, padding="same"), keras.layers.Conv2D(5, 3, padding="same")
    for convolution in (layer, plain):
        convolution.build((None, 6, 6, 2))
    kernel = np.random.default_rng(0).normal(size=(3, 3, 2, 5))
    layer.set_weights([kernel, np.arange(5.0), np.ones(5)])
    plain.set_weights([kernel / np.linalg.svd(kernel.reshape(18, 5))[1][0], np.arange(5.0)])
    settled(layer)
    x = np.random.default_rng(1).normal(size=(2, 6, 6, 2)).astype(np.float32)
    np.testing.assert_allclose(layer(x), plain(x), rtol=1e-4, atol=1e-4)


def test_a_learning_step_iterates_once_and_the_target_follows():
    agent = DQN(
        network=MLP(hidden=(8,), layer=SpectralLayer()),
        target_update=SoftUpdate(tau=0.25),
        batch_size=4,
        buffer=UniformBuffer(capacity=10),
    )
    learner = agent.build(CARTPOLE)
    learner.begin(call())
    online, target = (values.torso.get_layer("hidden_1") for values in (learner.online, learner.target))
    before = online.vector.numpy()
    learner.learn(random_sample(0, rows=4), call())
    kernel = online.kernel.numpy()
    left = kernel @ before / np.linalg.norm(kernel @ before)
    right = kernel.T @ left
    np.testing.assert_allclose(online.vector, right / np.linalg.norm(right), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(target.vector, 0.75 * before + 0.25 * online.vector.numpy(), rtol=1e-4, atol=1e-5)
