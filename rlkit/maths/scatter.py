"""Writing into rows by number, the last one winning wherever it runs."""

from __future__ import annotations

import tensorflow as tf

from rlkit.contracts.tensor import Tensor


def scatter(values: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    """`values` with `updates` at `indices`; of updates to the same index the last one wins, in every backend.

    LiteRT's `tensor_scatter_nd_update` gives another result where an index repeats: 3 written twice over 10 makes −4
    there. So no index is repeated here.

    Args:
        values: (N,) float32 or integers, or a variable of that shape.
        indices: (K,) integers in [0, N); others are left out.
        updates: (K,) of the dtype of `values`.

    Returns:
        (N,). The time grows with N, which is copied, and with the square of K.
    """
    values = tf.convert_to_tensor(values)
    places, size, count = tf.cast(indices, tf.int32), values.shape[0], indices.shape[0]
    inside = (places >= 0) & (places < size)
    same = tf.equal(tf.reshape(places, (count, 1)), tf.reshape(places, (1, count)))
    turn = tf.range(count)
    later = tf.reduce_max(tf.where(same, tf.reshape(turn, (1, count)), -1), axis=1)
    wins = tf.equal(later, turn) & inside
    # What loses, or lies outside, is written to a row of its own behind the others, which is cut off again.
    targets = tf.where(wins, places, size + turn)
    longer = tf.concat([values, tf.zeros((count,), values.dtype)], 0)
    return tf.tensor_scatter_nd_update(longer, tf.reshape(targets, (count, 1)), updates)[:size]
