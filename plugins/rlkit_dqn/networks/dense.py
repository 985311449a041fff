"""Dense layers whose gradient is fast in LiteRT. Imported by `build`: the class inherits from Keras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import keras
import tensorflow as tf

from rlkit import Tensor

_NARROW = 16
"""Units below which a kernel's gradient is worked out along its other side, which fills the vectors of a processor."""


class Dense(keras.layers.Dense):  # type: ignore[misc]
    """`keras.layers.Dense` on rows (B, n), with the same weights, results and gradients.

    The gradient of the rows is δ·Wᵀ. Written so, the converter makes a fully connected operation of it, and LiteRT
    packs that one's weights anew at every call where they are a variable. As (W·δᵀ)ᵀ it takes a fifth of the time
    (`benchmarks/litert_operations.py`: 32 rows, a kernel of 1024×128). In XLA too what is transposed is worked out
    apart: folded into a product, it makes that one slower.
    """

    def call(self, inputs: Tensor, **settings: Any) -> Tensor:
        """(B, n) to (B, units)."""
        product = _product(inputs, tf.convert_to_tensor(self.kernel))
        product = keras.ops.reshape(product, (-1, self.units))
        return self.activation(product + self.bias if self.use_bias else product)


def hidden_layers(x: Tensor, hidden: Sequence[int], suffix: str = "") -> Tensor:
    """Dense layers with ReLU, of so many units each: a symbolic Keras tensor."""
    from rlkit import relu

    for number, units in enumerate(hidden, start=1):
        x = Dense(units, name=f"hidden_{number}{suffix}")(x)
        x = keras.layers.Activation(relu, name=f"activation_{number}{suffix}")(x)
    return x


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _product(rows: Tensor, kernel: Tensor) -> tuple[Tensor, object]:
    def gradient(upstream: Tensor) -> tuple[Tensor, Tensor]:
        of_rows = _transposed(tf.matmul(kernel, _transposed(upstream)))
        if kernel.shape[1] < _NARROW:
            return of_rows, _transposed(tf.matmul(_transposed(upstream), rows))
        return of_rows, tf.matmul(_transposed(rows), upstream)

    return tf.matmul(rows, kernel), gradient


def _transposed(x: Tensor) -> Tensor:
    """Of a matrix, over a third axis: the converter, and XLA, would fold a plain transposition into the product."""
    rows, columns = x.shape[0] or -1, x.shape[1] or -1
    return cast(Tensor, tf.reshape(tf.transpose(tf.reshape(x, (rows, columns, 1)), (1, 0, 2)), (columns, rows)))
