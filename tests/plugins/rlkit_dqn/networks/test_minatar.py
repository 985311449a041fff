from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Spaces
from rlkit.programs.state import variables_of
from rlkit.programs.weights.initial_weights import draw
from rlkit.programs.weights.weight_plan import weight_plan
from rlkit_dqn import MinAtarNetwork
from rlkit_dqn.networks.shifted_convolution import ShiftedConvolution

BREAKOUT = Array((10, 10, 4), "bool", 0, 1)


@pytest.mark.parametrize(("size", "shape"), [(3, (10, 10, 4)), (3, (5, 8, 1)), (2, (4, 4, 3)), (1, (3, 3, 2))])
@pytest.mark.parametrize("activation", [None, "relu"])
def test_shifted_convolution_is_a_convolution(size, shape, activation):
    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(6, *shape)).astype(np.float32))
    weights = [rng.normal(0, 0.2, shape) for shape in ((size, size, shape[-1], 16), (16,))]
    results = []
    for layer in (kind(16, size, activation=activation) for kind in (ShiftedConvolution, keras.layers.Conv2D)):
        layer.build(x.shape)
        layer.set_weights(weights)
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = layer(x)
            total = tf.reduce_sum(tf.sin(outputs))
        results.append((outputs, *tape.gradient(total, [x, layer.kernel.value, layer.bias.value])))
    for found, expected in zip(*results, strict=True):
        scale = max(1.0, np.abs(expected).max())
        np.testing.assert_allclose(found / scale, expected / scale, rtol=0, atol=1e-6)


def test_torso_is_that_of_young_and_tian():
    network = MinAtarNetwork().build(tf.TensorSpec((10, 10, 4), tf.bool), 6)
    shapes = [weight.shape for weight in network.get_weights()]
    assert shapes == [(3, 3, 4, 16), (16,), (1024, 128), (128,), (128, 6), (6,)]


@pytest.mark.parametrize(
    ("dtype", "top", "by"), [("bool", 2, 1), ("int8", 2, 1), ("float32", 2, 1), ("uint8", 256, 255)]
)
def test_planes_of_any_dtype_are_read(dtype, top, by):
    x = np.random.default_rng(0).integers(0, top, (3, 10, 10, 4))
    network = MinAtarNetwork().build(tf.TensorSpec((10, 10, 4), dtype), 2)
    kernel, bias, hidden, hidden_bias, last, last_bias = network.get_weights()
    convolution = tf.nn.conv2d((x / by).astype(np.float32), kernel, 1, "VALID").numpy() + bias
    features = np.maximum(convolution, 0).reshape(3, -1)
    expected = np.maximum(features @ hidden + hidden_bias, 0) @ last + last_bias
    np.testing.assert_allclose(network(x.astype(dtype)), expected, rtol=1e-4, atol=1e-5)


def test_layer_norm_is_over_all_units_of_the_convolution():
    network = MinAtarNetwork(filters=2, hidden=(), layer_norm=True).build(tf.TensorSpec((5, 4, 3), tf.float32))
    x = np.random.default_rng(0).normal(size=(3, 5, 4, 3)).astype(np.float32)
    kernel, bias, _, _ = network.get_weights()
    units = (tf.nn.conv2d(x, kernel, 1, "VALID").numpy() + bias).reshape(3, -1)
    expected = (units - units.mean(1, keepdims=True)) / np.sqrt(units.var(1, keepdims=True) + 1e-3)
    np.testing.assert_allclose(network(x), np.maximum(expected, 0), rtol=1e-3, atol=1e-4)


def test_weights_begin_as_a_convolution_s():
    network = MinAtarNetwork().build(tf.TensorSpec((10, 10, 4), tf.bool), 6)
    reachable = variables_of(network, "network")
    plan = weight_plan(network, reachable)
    assert len(plan) == len(reachable) == 6
    (kernel,) = [value for value in draw(plan, 0).values() if value.ndim == 4]
    limit = np.sqrt(6 / (9 * 4 + 9 * 16))
    assert 0.98 * limit < np.abs(kernel).max() <= limit


@pytest.mark.parametrize(
    ("observation", "message"),
    [
        (Array((4,), "float32"), r"minatar reads images.*network mlp reads vectors"),
        (Array((4, 10, 10), "uint8", 0, 255, stack=4), r"stacks 4 frames along the first; network conv reads those"),
        (Array((2, 10, 4), "bool"), r"kernels of 3×3, and the observation is a bool array of shape \(2, 10, 4\)"),
    ],
)
def test_what_it_cannot_read_is_refused(observation, message):
    with pytest.raises(ValueError, match=message):
        MinAtarNetwork().check(Spaces(observation, Discrete(3)))


def test_minatar_s_games_are_accepted():
    for planes in (4, 6, 7, 10):
        MinAtarNetwork().check(Spaces(BREAKOUT._replace(shape=(10, 10, planes)), Discrete(6)))
