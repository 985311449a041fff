"""Choosing among discrete actions, of which some may be forbidden."""

from __future__ import annotations

import tensorflow as tf

from rlkit.contracts.noise import Noise
from rlkit.contracts.tensor import Tensor

FORBIDDEN = -1e30
"""The value of an action that is not allowed: below all others, and finite, so that 0 times it is 0."""


def masked(values: Tensor, allowed: Tensor) -> Tensor:
    """Values (…, n) float32, those of forbidden actions far below all others; `allowed` (…, n) bool."""
    return values if _all_allowed(allowed) else tf.where(allowed, values, FORBIDDEN)


def greedy(values: Tensor, allowed: Tensor) -> Tensor:
    """The allowed action of greatest value, the first of equals: (B, n) float32 and (B, n) bool to (B,) int32."""
    return tf.argmax(masked(values, allowed), axis=-1, output_type=tf.int32)


def any_action(allowed: Tensor, noise: Noise) -> Tensor:
    """One of the allowed actions, each as likely as another: (B, n) bool to (B,) int32."""
    rows, actions = allowed.shape
    if _all_allowed(allowed):
        return tf.cast(noise.integers((rows,), actions), tf.int32)
    passed = tf.cumsum(tf.cast(allowed, tf.int32), axis=-1)
    wanted = tf.cast(noise.integers((rows,), tf.cast(passed[:, -1], tf.int64)), tf.int32)
    # The first action by which more allowed ones have passed than are to be skipped.
    return tf.reduce_sum(tf.cast(passed <= tf.reshape(wanted, (rows, 1)), tf.int32), axis=-1)


def _all_allowed(allowed: Tensor) -> bool:
    """Whether a graph knows that nothing is forbidden: where an environment has no mask."""
    known = None if tf.executing_eagerly() else tf.get_static_value(allowed)
    return known is not None and bool(known.all())
