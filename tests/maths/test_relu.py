"""ReLU and its gradient, at the edge and far from it."""

import numpy as np
import pytest
import tensorflow as tf

from rlkit import relu

X = np.array([-np.inf, -1e30, -2.0, -1e-30, -0.0, 0.0, 1e-30, 0.3, 1.0, 1.5, 1e30, np.inf], np.float32)


@pytest.mark.parametrize("jit_compile", [None, False, True], ids=["eager", "graph", "xla"])
def test_relu_and_its_gradient(jit_compile):
    def both(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = relu(x)
        return y, tape.gradient(y, x, output_gradients=tf.fill(x.shape, -3.0))

    call = both if jit_compile is None else tf.function(both, jit_compile=jit_compile)
    y, gradient = call(tf.constant(X))
    np.testing.assert_array_equal(y, np.maximum(X, 0))
    np.testing.assert_array_equal(gradient, np.where(X > 0, -3.0, 0.0))
