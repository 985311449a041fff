"""Dueling streams, in each network that offers them."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit_dqn import MLP, ConvolutionalNetwork, MinAtarNetwork

CONV = {"filters": (4,), "kernels": (3,), "strides": (2,), "hidden": (8,)}
NETWORKS = {
    "mlp": (MLP, {"hidden": (16, 8)}, (6,)),
    "mlp without hidden layers": (MLP, {"hidden": ()}, (6,)),
    "conv": (ConvolutionalNetwork, CONV, (9, 9, 2)),
    "minatar": (MinAtarNetwork, {}, (10, 10, 4)),
}


@pytest.fixture(params=NETWORKS)
def built(request):
    """A dueling network for 5 actions, and observations."""
    cls, parameters, shape = NETWORKS[request.param]
    network = cls(**parameters, dueling=True).build(tf.TensorSpec(shape, tf.float32), 5)
    rng = np.random.default_rng(0)
    network.set_weights([rng.normal(0, 0.3, weight.shape) for weight in network.get_weights()])
    return network, rng.normal(size=(32, *shape)).astype(np.float32)


def test_value_is_added_to_advantages_above_their_mean(built):
    network, x = built
    streams = keras.Model(network.input, [network.get_layer(name).output for name in ("value", "advantage")])
    value, advantage = (stream.numpy() for stream in streams(x))
    assert value.shape == (32, 1) and advantage.shape == (32, 5)
    expected = value + advantage - advantage.mean(1, keepdims=True)
    np.testing.assert_allclose(network(x), expected, rtol=1e-4, atol=1e-5)


def test_streams_share_all_but_the_last_hidden_layer():
    network = MLP(hidden=(16, 8), dueling=True, layer_norm=True).build(tf.TensorSpec((6,)), 5)
    names = {layer.name for layer in network.layers if layer.weights}
    streams = {f"{layer}_{stream}" for layer in ("hidden_2", "norm_2") for stream in ("value", "advantage")}
    assert names == {"hidden_1", "norm_1", "value", "advantage"} | streams
    assert network.get_layer("hidden_2_value").kernel.shape == network.get_layer("hidden_2_advantage").kernel.shape


def test_mlp_equals_numpy():
    network = MLP(hidden=(8,), dueling=True).build(tf.TensorSpec((6,)), 3)
    x = np.random.default_rng(0).normal(size=(10, 6)).astype(np.float32)
    weights = {layer.name: layer.get_weights() for layer in network.layers}

    def stream(name):
        kernel, bias = weights[f"hidden_1_{name}"]
        last, last_bias = weights[name]
        return np.maximum(x @ kernel + bias, 0) @ last + last_bias

    advantage = stream("advantage")
    expected = stream("value") + advantage - advantage.mean(1, keepdims=True)
    np.testing.assert_allclose(network(x), expected, rtol=1e-5, atol=1e-6)
