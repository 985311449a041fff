"""Dense layers whose gradient is fast in LiteRT. Imported by `build`: the class inherits from Keras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import keras
import tensorflow as tf

from rlkit import Tensor
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.layers.dense import DenseLayer

_PLAIN = DenseLayer()
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
        rows = keras.ops.reshape(product(inputs, self.weighed()), (-1, self.units))
        return self.activation(rows + self.bias if self.use_bias else rows)

    def weighed(self) -> Tensor:
        """What rows are multiplied by, (n, units): the kernel."""
        return tf.convert_to_tensor(self.kernel)


def hidden_layers(
    x: Tensor, hidden: Sequence[int], suffix: str = "", *, layer: Layer = _PLAIN, layer_norm: bool = False
) -> Tensor:
    """Dense layers with ReLU, of so many units each: a symbolic Keras tensor."""
    from rlkit import relu
    from rlkit_dqn.layers.placing import through

    for number, units in enumerate(hidden, start=1):
        x = through(layer, x, units, f"hidden_{number}{suffix}")
        if layer_norm:
            x = keras.layers.LayerNormalization(name=f"norm_{number}{suffix}")(x)
        x = keras.layers.Activation(relu, name=f"activation_{number}{suffix}")(x)
    return x


def network_of(inputs: Any, features: Tensor, units: int | None, layer: Layer, name: str) -> Any:
    """A model from a Keras input to features, or to a linear layer of `units` on them; see `Network.build`."""
    from rlkit_dqn.layers.placing import model_of, through

    return model_of(inputs, features if units is None else through(layer, features, units, "output"), name)


def product(rows: Tensor, kernel: Tensor) -> Tensor:
    """(B, n) · (n, units), with the gradient that is fast."""
    return cast(Tensor, _product(rows, kernel))


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
