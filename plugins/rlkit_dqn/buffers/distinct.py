"""Distinct random integers."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Noise, Tensor


def distinct_integers(size: int, bound: Tensor, noise: Noise) -> Tensor:
    """`size` distinct integers in [0, bound), every set of them equally likely: (size,) int64.

    Floyd's algorithm (Bentley and Floyd, "Programming pearls: a sample of brilliance", 1987): for the turns
    i = 0 … size − 1, with j = bound − size + i, draw t in [0, j]; take j if t is taken already, else t.

    Its turns are resolved together, without a loop. Turn i finds its t taken if an earlier turn drew the same t, or
    if t is the j of an earlier turn that took its j. The second rule points to another turn, which may point on: a
    turn points to one past the last if its t was drawn before, to itself if its t is free, and log₂(size) rounds of
    pointer doubling follow all chains to their ends. The time grows with the square of `size`, and not with `bound`.

    Args:
        size: at least 1.
        bound: int64 scalar, at least `size` and below 2³¹.
        noise: asked for (size,) integers.
    """
    turn = tf.range(size)
    first = tf.cast(bound, tf.int64) - size
    last = first + tf.cast(turn, tf.int64)
    drawn = noise.integers((size,), last + 1)

    # int32: LiteRT compares it several times faster than int64.
    short = tf.cast(drawn, tf.int32)
    earlier = tf.where(turn[None, :] < turn[:, None], short[None, :], -1)
    repeated = tf.reduce_any(tf.equal(short[:, None], earlier), axis=1)
    beyond = short - tf.cast(first, tf.int32)
    pointer = tf.concat([tf.where(repeated, size, tf.where(beyond >= 0, beyond, turn)), [size]], 0)
    for _ in range((size - 1).bit_length()):
        pointer = tf.gather(pointer, pointer)
    return tf.where(tf.equal(pointer[:size], size), last, drawn)
