"""A convolution that learns in LiteRT. Imported by `build`: its class inherits from Keras."""

from __future__ import annotations

from typing import Any

import keras

from rlkit import Tensor


class ShiftedConvolution(keras.Layer):  # type: ignore[misc]
    """`keras.layers.Conv2D` with square kernels, stride 1 and no padding, as one matrix product of shifted slices.

    LiteRT has no gradient of convolutions, and has those of slices and products. Weights have the names, shapes and
    initialisers of Conv2D (a kernel (k, k, channels, filters), Glorot uniform over its receptive field, and a bias of
    zeros), so that the initial numbers are a convolution's too.
    """

    def __init__(self, filters: int, kernel_size: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.filters, self.kernel_size = filters, kernel_size
        self.kernel_initializer = keras.initializers.GlorotUniform()
        self.bias_initializer = keras.initializers.Zeros()

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs (B, height, width, channels)."""
        size = self.kernel_size
        shape = (size, size, input_shape[-1], self.filters)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=self.kernel_initializer)
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer=self.bias_initializer)

    def call(self, x: Tensor) -> Tensor:
        """(B, height, width, channels) to (B, height − k + 1, width − k + 1, filters)."""
        size = self.kernel_size
        height, width, channels = x.shape[1] - size + 1, x.shape[2] - size + 1, x.shape[3]
        # First the columns, then rows of them: half the time of all size² slices at once.
        columns = keras.ops.concatenate([x[:, :, column : column + width] for column in range(size)], axis=-1)
        rows = keras.ops.concatenate([columns[:, row : row + height] for row in range(size)], axis=-1)
        patches = keras.ops.reshape(rows, (-1, size * size * channels))
        product = keras.ops.matmul(patches, keras.ops.reshape(self.kernel, (-1, self.filters))) + self.bias
        return keras.ops.reshape(product, (-1, height, width, self.filters))
