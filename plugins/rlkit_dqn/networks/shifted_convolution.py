"""A convolution that learns in LiteRT. Imported by `build`: its class inherits from Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from rlkit import Tensor


class ShiftedConvolution(keras.Layer):  # type: ignore[misc]
    """`keras.layers.Conv2D` with square kernels, stride 1 and no padding, as one matrix product of shifted slices.

    An activation works elementwise.

    LiteRT has no gradient of convolutions, and has those of slices and products. Weights have the names, shapes and
    initialisers of Conv2D (a kernel (k, k, channels, filters), Glorot uniform over its receptive field, and a bias of
    zeros), so that the initial numbers are a convolution's too.
    """

    def __init__(
        self, filters: int, kernel_size: int, activation: Callable[[Tensor], Tensor] | None = None, **settings: Any
    ) -> None:
        super().__init__(**settings)
        self.filters, self.kernel_size = filters, kernel_size
        self.activation = keras.activations.get(activation)
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
        # Two neighbours of a row are worked out together where its width is even: they share most of what they see,
        # so less is copied, and the product is of a shape that suits the processor.
        together = 2 - width % 2
        span = size + together - 1
        # First what each sees of one row, then rows of that: fewer slices than all at once.
        columns = keras.ops.concatenate([x[:, :, left : left + span] for left in range(0, width, together)], axis=2)
        columns = keras.ops.reshape(columns, (-1, x.shape[1], width // together, span * channels))
        rows = keras.ops.concatenate([columns[:, row : row + height] for row in range(size)], axis=-1)
        # A batch of one product: of a single one the converter makes a fully connected operation, which packs its
        # weights at every call. With both, a third of the time (`benchmarks/litert_operations.py`).
        seen = keras.ops.reshape(rows, (1, -1, size * span * channels))
        product = keras.ops.matmul(seen, self._kernels(together)) + keras.ops.tile(self.bias, together)
        # Bias and activation, and so their gradients, on the matrix: for images XLA's code takes longer. A bias that is
        # concatenated, not tiled, LiteRT's fast kernels refuse.
        return keras.ops.reshape(self.activation(product), (-1, height, width, self.filters))

    def _kernels(self, together: int) -> Tensor:
        """The kernel as so many neighbours see it, each shifted by one column: (1, inputs, together · filters)."""
        shifts = [((0, 0), (shift, together - 1 - shift), (0, 0), (0, 0)) for shift in range(together)]
        kernels = keras.ops.concatenate([keras.ops.pad(self.kernel, shift) for shift in shifts], axis=-1)
        return keras.ops.reshape(kernels, (1, -1, together * self.filters))
