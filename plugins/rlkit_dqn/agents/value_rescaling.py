"""Value rescaling: returns of any size, brought near to each other without clipping rewards."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Tensor

EPSILON = 1e-3
"""ε of Pohlen et al. (2018) is 1e-2; of Kapturowski et al. (2019), section 2.3, 1e-3."""


def rescaled(x: Tensor, epsilon: float = EPSILON) -> Tensor:
    """h(x) = sign(x) (√(|x| + 1) − 1) + ε x, elementwise.

    Pohlen et al. (2018), "Observe and look further: achieving consistent performance on Atari", proposition A.2.
    """
    return tf.sign(x) * (tf.sqrt(tf.abs(x) + 1.0) - 1.0) + epsilon * x


def unscaled(x: Tensor, epsilon: float = EPSILON) -> Tensor:
    """h⁻¹(x) = sign(x) (((√(1 + 4 ε (|x| + 1 + ε)) − 1) / 2 ε)² − 1), elementwise (the same proposition).

    With u = |x| + 1 + ε, the square root less 1 over 2 ε is 2 u / (√(1 + 4 ε u) + 1): nothing cancels in float32.
    """
    u = tf.abs(x) + 1.0 + epsilon
    root = 2.0 * u / (tf.sqrt(1.0 + 4.0 * epsilon * u) + 1.0)
    return tf.sign(x) * (tf.square(root) - 1.0)
