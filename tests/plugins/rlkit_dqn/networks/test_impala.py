from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, ParameterError, Spaces
from rlkit_dqn import ImpalaNetwork, NoisyLayer
from tests.plugins.rlkit_dqn.networks.test_conv import convolved

FRAMES = Spaces(Array((4, 9, 9), "uint8", 0, 255, stack=4), Discrete(3))


def same(x, kernel, bias):
    return convolved(np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))), kernel, bias, 1)


def halved(x):
    """The maximum over 3×3 at every second place, padded as TensorFlow pads: more at the end."""
    pads = [(0, 0)]
    for size in x.shape[1:3]:
        missing = max(0, (-(-size // 2) - 1) * 2 + 3 - size)
        pads.append((missing // 2, missing - missing // 2))
    x = np.pad(x, (*pads, (0, 0)), constant_values=-np.inf)
    return np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(1, 2))[:, ::2, ::2].max(axis=(4, 5))


def test_outputs_equal_numpy():
    network = ImpalaNetwork(filters=(2, 3), blocks=1, hidden=(4,)).build(tf.TensorSpec((6, 7, 2), tf.float32), 3)
    x = np.random.default_rng(0).normal(size=(2, 6, 7, 2))
    values = {layer.name: [w.astype(np.float64) for w in layer.get_weights()] for layer in network.layers}
    features = x
    for section in ("section_1", "section_2"):
        features = halved(same(features, *values[f"{section}_convolution"]))
        residual = same(np.maximum(features, 0), *values[f"{section}_block_1_1_convolution"])
        features = features + same(np.maximum(residual, 0), *values[f"{section}_block_1_2_convolution"])
    hidden, bias = values["hidden_1"]
    hidden = np.maximum(np.maximum(features, 0).reshape(2, -1) @ hidden + bias, 0)
    last, bias = values["output"]
    np.testing.assert_allclose(network(x.astype(np.float32)), hidden @ last + bias, rtol=1e-4, atol=1e-5)


def test_default_is_the_larger_network_of_the_paper():
    network = ImpalaNetwork().build(tf.TensorSpec((4, 84, 84), tf.uint8))
    convolutions = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    assert [layer.filters for layer in convolutions] == [16] * 5 + [32] * 10
    assert network.get_layer("features").output.shape == (None, 11 * 11 * 32)
    assert network.count_params() == 1_089_232


def test_width_multiplies_filters_and_pooling_makes_6_by_6():
    network = ImpalaNetwork(width=2, pool=6, hidden=(512,), spectral_norm=True, layer=NoisyLayer()).build(
        tf.TensorSpec((4, 84, 84), tf.uint8)
    )
    assert network.get_layer("features").output.shape == (None, 6 * 6 * 64)
    vectors = [weight.shape for weight in network.weights if weight.name == "vector"]
    assert vectors == [(32,)] * 4 + [(64,)] * 8


@pytest.mark.parametrize("layer_norm", [False, True])
def test_layer_norm_stands_before_every_activation(layer_norm):
    network = ImpalaNetwork(filters=(2,), hidden=(3,), layer_norm=layer_norm).build(tf.TensorSpec((5, 5, 1)))
    norms = [layer for layer in network.layers if isinstance(layer, keras.layers.LayerNormalization)]
    activations = [layer for layer in network.layers if isinstance(layer, keras.layers.Activation)]
    assert len(activations) == 6
    assert len(norms) == (6 if layer_norm else 0)
    if norms:
        assert norms[0].gamma.shape == (3, 3, 2)
        x = network.get_layer("section_1_block_1_1_norm")(np.random.default_rng(0).normal(3, 2, (4, 3, 3, 2)))
        np.testing.assert_allclose(np.mean(x, axis=(1, 2, 3)), 0.0, atol=1e-5)


def test_what_it_cannot_read_is_refused():
    with pytest.raises(ValueError, match=r"network impala reads images.*network mlp reads vectors"):
        ImpalaNetwork().check(Spaces(Array((4,), "float32"), Discrete(2)))
    with pytest.raises(ParameterError, match="channels: first"):
        ImpalaNetwork(channels="last").check(FRAMES)
    with pytest.raises(ParameterError, match="at least one section"):
        ImpalaNetwork(filters=())
