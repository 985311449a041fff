from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.special import expit

from rlkit import Array, Discrete, ParameterError, Spaces
from rlkit_dqn import MLP

INPUTS = np.random.default_rng(0).normal(size=(32, 4)).astype(np.float32) * 2
FORMULAS = {
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": expit,
    "silu": lambda x: x * expit(x),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "linear": lambda x: x,
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
}


def weights_of(network):
    return [weight.astype(np.float64) for weight in network.get_weights()]


@pytest.mark.parametrize("activation", FORMULAS)
def test_outputs_equal_numpy(activation):
    network = MLP(hidden=(8, 6), activation=activation).build(tf.TensorSpec((4,)), 3)
    x = INPUTS.astype(np.float64)
    weights = weights_of(network)
    for kernel, bias in zip(weights[0:4:2], weights[1:4:2], strict=True):
        x = FORMULAS[activation](x @ kernel + bias)
    np.testing.assert_allclose(network(INPUTS), x @ weights[4] + weights[5], rtol=1e-5, atol=1e-6)


def test_relu_has_the_gradient_of_relu():
    network = MLP(hidden=(8,)).build(tf.TensorSpec((4,)), 1)
    kernel, bias, last, _ = weights_of(network)
    x = tf.constant(INPUTS)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(network(x))
    expected = ((INPUTS @ kernel + bias > 0) * last[:, 0]) @ kernel.T
    np.testing.assert_allclose(tape.gradient(total, x), expected, rtol=1e-5, atol=1e-6)


def test_layer_norm_comes_before_the_activation():
    network = MLP(hidden=(8,), layer_norm=True).build(tf.TensorSpec((4,)), 2)
    kernel, bias, scale, shift, last, last_bias = weights_of(network)
    x = INPUTS @ kernel + bias
    x = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-3) * scale + shift
    np.testing.assert_allclose(network(INPUTS), np.maximum(x, 0) @ last + last_bias, rtol=1e-4, atol=1e-5)


def test_no_hidden_layer_is_a_linear_function():
    network = MLP(hidden=()).build(tf.TensorSpec((4,)), 2)
    kernel, bias = weights_of(network)
    np.testing.assert_allclose(network(INPUTS), INPUTS @ kernel + bias, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "float64"])
def test_observations_of_other_dtypes_are_cast(dtype):
    observation = np.arange(12).reshape(3, 4).astype(dtype)
    network = MLP().build(tf.TensorSpec((4,), dtype), 2)
    kernel, bias, last, last_bias = weights_of(network)
    expected = np.maximum(observation.astype(np.float64) @ kernel + bias, 0) @ last + last_bias
    outputs = network(tf.constant(observation))
    assert outputs.dtype == tf.float32
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-6)


def test_weights_begin_glorot_uniform_and_layers_differ():
    keras.utils.set_random_seed(0)
    network = MLP(hidden=(64, 64)).build(tf.TensorSpec((64,)), 64)
    kernels = [weight for weight in network.get_weights() if weight.ndim == 2]
    limit = np.sqrt(6 / 128)
    for kernel in kernels:
        assert 0.98 * limit < np.abs(kernel).max() <= limit
        assert abs(kernel.std() - limit / np.sqrt(3)) < 0.02 * limit
    assert (kernels[0] != kernels[1]).any() and (kernels[1] != kernels[2]).any()
    assert all((weight == 0).all() for weight in network.get_weights() if weight.ndim == 1)


def test_variables_keep_their_names_from_build_to_build():
    paths = [[v.path for v in MLP(hidden=(8, 8)).build(tf.TensorSpec((4,)), 2).variables] for _ in range(2)]
    assert paths[0] == paths[1]
    assert len(set(paths[0])) == 6


def test_images_are_refused():
    image = Spaces(Array((84, 84, 4), "uint8"), Discrete(2))
    with pytest.raises(ValueError) as refused:
        MLP().check(image)
    assert str(refused.value) == (
        "network mlp reads vectors, and the observation is a uint8 array of shape (84, 84, 4); choose a network that "
        "reads pictures, such as conv, or minatar for small ones, or flatten them, in environment gymnasium with "
        "wrappers: [flatten]"
    )
    with pytest.raises(ValueError, match="choose a network that reads such arrays, or flatten them"):
        MLP().check(Spaces(Array((5, 5), "float32"), Discrete(2)))
    MLP().check(Spaces(Array((84,), "uint8"), Discrete(2)))


def test_layers_have_at_least_one_unit():
    with pytest.raises(ParameterError) as refused:
        MLP(hidden=(64, 0))
    assert refused.value.parameter == "hidden"
