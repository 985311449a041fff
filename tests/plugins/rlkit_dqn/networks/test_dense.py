"""Our dense layer is Keras's: the same weights, results and gradients."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit_dqn.networks.dense import Dense


@pytest.mark.parametrize("settings", [{}, {"use_bias": False}, {"activation": "tanh"}], ids=["plain", "bare", "tanh"])
@pytest.mark.parametrize(("rows", "inputs", "units"), [(1, 3, 2), (32, 40, 7), (32, 7, 40), (5, 1, 1)])
@pytest.mark.parametrize("jit_compile", [None, False, True], ids=["eager", "graph", "xla"])
def test_dense_layer_equals_keras_s(jit_compile, rows, inputs, units, settings):
    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(rows, inputs)).astype(np.float32))
    weights = [rng.normal(size=shape) for shape in ((inputs, units), (units,))]
    results = []
    for layer in (Dense(units, **settings), keras.layers.Dense(units, **settings)):
        layer.build(x.shape)
        layer.set_weights(weights[: len(layer.weights)])

        def learn(x, layer=layer):
            with tf.GradientTape() as tape:
                tape.watch(x)
                outputs = layer(x)
                total = tf.reduce_sum(tf.sin(outputs))
            return outputs, *tape.gradient(total, [x, *(weight.value for weight in layer.trainable_variables)])

        results.append((learn if jit_compile is None else tf.function(learn, jit_compile=jit_compile))(x))
    for found, expected in zip(*results, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_dense_layer_has_the_names_and_shapes_of_keras_s():
    layers = [kind(4, name="hidden_1") for kind in (Dense, keras.layers.Dense)]
    for layer in layers:
        layer.build((None, 3))
    ours, theirs = ([(weight.path, tuple(weight.shape)) for weight in layer.weights] for layer in layers)
    assert ours == theirs
