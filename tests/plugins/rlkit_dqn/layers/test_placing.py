"""Layers in networks and heads."""

from __future__ import annotations

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, apply, observation_spec
from rlkit_dqn import (
    MLP,
    ConvolutionalNetwork,
    ImpalaNetwork,
    MinAtarNetwork,
    MultiNetwork,
    NoisyLayer,
    RecurrentNetwork,
    SpectralLayer,
    ValueHead,
)
from tests.plugins.rlkit_dqn.words import noise

IMAGE = Array((8, 8, 2), "float32")
VECTOR = Array((4,), "float32")
PARTS = Array((4,), "float32", parts=(("near", Array((2,), "float32")), ("far", Array((2,), "float32"))))
NOISY = {"layer": NoisyLayer()}
NETWORKS = {
    "mlp": (MLP(hidden=(5,), **NOISY), VECTOR),
    "conv": (ConvolutionalNetwork(filters=(2,), kernels=(3,), strides=(2,), hidden=(5,), **NOISY), IMAGE),
    "minatar": (MinAtarNetwork(filters=2, hidden=(5,), **NOISY), IMAGE),
    "impala": (ImpalaNetwork(filters=(2,), blocks=1, hidden=(5,), **NOISY), IMAGE),
    "multi": (MultiNetwork(hidden=(5,), **NOISY), PARTS),
    "multi, an encoder": (MultiNetwork(encoders={"far": MLP(hidden=(5,), **NOISY)}, hidden=()), PARTS),
    "recurrent": (RecurrentNetwork(size=3, encoder=MLP(hidden=(5,), **NOISY)), VECTOR),
}


def outputs(network, observation, source):
    state = network.initial_state(2) if hasattr(network, "initial_state") else ()
    return apply(network, np.ones((2, *observation.shape), np.float32), source, state)[0].numpy()


@pytest.mark.parametrize("name", NETWORKS)
def test_noise_reaches_the_layers_of(name):
    component, observation = NETWORKS[name]
    keras.utils.set_random_seed(0)  # with some weights no unit of so few is above 0
    network = component.build(observation_spec(observation))
    still, source = outputs(network, observation, None), noise(uniforms=2000)
    first, second = outputs(network, observation, source), outputs(network, observation, source)
    assert (first != still).any() and (first != second).any()
    np.testing.assert_array_equal(outputs(network, observation, None), still)


@pytest.mark.parametrize("dueling", [False, True])
def test_noise_reaches_the_streams_of_a_head(dueling):
    last = ValueHead(dueling=dueling, hidden=(3,), layer=NoisyLayer()).build(tf.TensorSpec((4,)), 3)
    x, source = np.ones((2, 4), np.float32), noise(uniforms=2000)
    assert (apply(last, x, source)[0].numpy() != apply(last, x, None)[0].numpy()).any()
    assert {weight.name for weight in last.get_layer("value" if dueling else "output").weights} == {
        "kernel",
        "bias",
        "kernel_sigma",
        "bias_sigma",
    }


def test_a_network_without_noise_does_not_ask_for_it():
    for layer in (MLP().layer, SpectralLayer()):
        network = MLP(layer=layer).build(tf.TensorSpec((4,)), 2)
        assert "noise" not in inspect.signature(network.call).parameters


def test_every_dense_layer_of_a_network_is_of_the_kind():
    network = MLP(hidden=(5, 6), layer=SpectralLayer()).build(tf.TensorSpec((4,)), 2)
    assert [weight.name for weight in network.weights].count("vector") == 3
