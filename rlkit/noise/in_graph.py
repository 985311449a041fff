"""Noise that is drawn in the graph: the same Philox words as the host's, for the call of a given number."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.noise.drawn import NoiseLayout
from rlkit.noise.philox import WORDS_PER_BLOCK

_PHILOX = 1
"""TensorFlow's number for the algorithm."""


def philox_words(key: Tensor, low: Tensor | int, high: Tensor | int, count: int) -> Tensor:
    """The first `count` words from counter (low, high) on, as `rlkit.noise.philox` has them: (count,) uint32.

    `key` (a stream's 64 bits), `low` and `high` are int64 scalars.
    """
    counter = tf.stack([tf.cast(low, tf.int64), tf.cast(high, tf.int64)])
    drawn = tf.raw_ops.StatelessRandomUniformFullIntV2(
        shape=[-(-count // WORDS_PER_BLOCK) * WORDS_PER_BLOCK],
        key=tf.bitcast(tf.reshape(key, (1,)), tf.uint64),
        counter=tf.bitcast(counter, tf.uint64),
        alg=_PHILOX,
        dtype=tf.uint32,
    )
    return drawn[:count]


def graph_noise(layout: NoiseLayout, key: Tensor, call: Tensor | int) -> dict[str, Any]:
    """Those of the inputs `uniforms` and `integers` that a layout has, for the call of this number."""
    inputs: dict[str, Any] = {}
    if not layout.floats:
        return inputs
    words = philox_words(key, 0, call, len(layout.floats))
    if layout.uniforms:
        upper = tf.bitwise.right_shift(_taken(words, layout.floats, floats=True), tf.constant(8, tf.uint32))
        inputs["uniforms"] = tf.cast(tf.cast(upper, tf.int32), tf.float32) * 2.0**-24
    if layout.integers:
        inputs["integers"] = tf.cast(_taken(words, layout.floats, floats=False), tf.int64)
    return inputs


def reset_key(stream: Tensor, environment: int, episode: Tensor) -> Tensor:
    """`rlkit.noise.philox.reset_seed` of a stream's key: the key of an episode's own noise, an int64 scalar."""
    (word,) = tf.unstack(philox_words(stream, episode, environment, 1))
    return tf.cast(tf.bitwise.right_shift(word, tf.constant(1, tf.uint32)), tf.int64)


def _taken(words: Tensor, layout: tuple[bool, ...], *, floats: bool) -> Tensor:
    """The words that become floats, or those that do not: each run of them is one slice."""
    runs: list[list[int]] = []
    for place, is_float in enumerate(layout):
        if is_float is not floats:
            continue
        if runs and runs[-1][1] == place:
            runs[-1][1] = place + 1
        else:
            runs.append([place, place + 1])
    parts = [words[begin:end] for begin, end in runs]
    return parts[0] if len(parts) == 1 else tf.concat(parts, 0)
