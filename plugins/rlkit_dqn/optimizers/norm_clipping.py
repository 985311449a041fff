"""Gradients scaled down together to a norm. Imports Keras: import it where an optimiser is built.

Keras's own `global_clipnorm` divides by the norm, which LiteRT makes a reciprocal root: NaN where all gradients are 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from rlkit import Tensor


def clipped(optimizer: Any, clip_norm: float | None) -> Any:
    """A Keras optimiser's class, or one like it whose gradients are scaled down to a norm first."""
    if clip_norm is None:
        return optimizer

    def apply(self: Any, grads: Sequence[Tensor | None], trainable_variables: Any = None) -> Any:
        return optimizer.apply(self, scaled_down(grads, clip_norm), trainable_variables)

    return type(optimizer.__name__, (optimizer,), {"apply": apply})


def scaled_down(gradients: Sequence[Tensor | None], norm: float) -> list[Tensor | None]:
    """g · c / max(‖g‖, c), ‖g‖ over all gradients (Pascanu et al., 2013, algorithm 1); None stays None."""
    squares = [tf.reduce_sum(tf.square(gradient)) for gradient in gradients if gradient is not None]
    scale = norm / tf.maximum(tf.sqrt(tf.add_n(squares)), norm)
    return [None if gradient is None else gradient * scale for gradient in gradients]
