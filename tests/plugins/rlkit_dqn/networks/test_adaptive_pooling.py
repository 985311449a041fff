from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit_dqn import ConvolutionalNetwork
from rlkit_dqn.networks.adaptive_pooling import pooled


@pytest.mark.parametrize(("height", "width", "side"), [(11, 11, 6), (12, 9, 3), (4, 7, 6), (5, 5, 1)])
def test_each_cell_is_the_maximum_of_its_share(height, width, side):
    x = np.random.default_rng(0).normal(size=(2, height, width, 3)).astype(np.float32)
    expected = np.zeros((2, side, side, 3), np.float32)
    for row in range(side):
        for column in range(side):
            rows = slice(int(np.floor(row * height / side)), int(np.ceil((row + 1) * height / side)))
            columns = slice(int(np.floor(column * width / side)), int(np.ceil((column + 1) * width / side)))
            expected[:, row, column] = x[:, rows, columns].max(axis=(1, 2))
    np.testing.assert_array_equal(pooled(tf.constant(x), side), expected)


def test_features_have_one_size_whatever_the_image_s():
    network = ConvolutionalNetwork(filters=(4,), kernels=(3,), strides=(1,), hidden=(), pool=2)
    shapes = [network.build(tf.TensorSpec((size, size, 1))).output_shape for size in (9, 14)]
    assert shapes == [(None, 16), (None, 16)]
