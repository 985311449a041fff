"""Noise that is drawn in the graph: the same Philox words as the host's, for the call of a given number."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.noise.drawn import NoiseLayout
from rlkit.noise.philox import MULTIPLIERS, ROUNDS, WEYL, WORDS_PER_BLOCK

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


def philox_blocks(key: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """The blocks of four words at counters (low, high), with a key each: (N,) int64 each to (N, 4) uint32.

    As `rlkit.noise.philox.blocks` has them. TensorFlow's own operation draws from one key at a time.
    """
    half, lower = tf.constant(32, tf.uint64), tf.constant(2**32 - 1, tf.uint64)

    def halves(number: Tensor) -> tuple[Tensor, Tensor]:
        bits = tf.bitcast(number, tf.uint64)
        return bits & lower, tf.bitwise.right_shift(bits, half)

    (k0, k1), (c0, c1), (c2, c3) = halves(key), halves(low), halves(high)
    factors = [tf.constant(factor, tf.uint64) for factor in MULTIPLIERS]
    for _ in range(ROUNDS):
        first, second = factors[0] * c0, factors[1] * c2
        c0, c1 = tf.bitwise.right_shift(second, half) ^ c1 ^ k0, second & lower
        c2, c3 = tf.bitwise.right_shift(first, half) ^ c3 ^ k1, first & lower
        k0, k1 = ((word + tf.constant(step, tf.uint64)) & lower for word, step in zip((k0, k1), WEYL, strict=True))
    return tf.cast(tf.stack([c0, c1, c2, c3], axis=-1), tf.uint32)


def graph_noise(layout: NoiseLayout, key: Tensor, call: Tensor | int) -> dict[str, Any]:
    """Those of the inputs `uniforms` and `integers` that a layout has, for the call of this number."""
    return _inputs(layout, philox_words(key, 0, call, len(layout.floats))) if layout.floats else {}


def graph_noise_each(layout: NoiseLayout, keys: Tensor, calls: Tensor) -> dict[str, Any]:
    """As `graph_noise`, for N keys and the number of a call of each, (N,) int64: (N, …) each."""
    if not layout.floats:
        return {}
    count, environments = len(layout.floats), keys.shape[0]
    blocks = -(-count // WORDS_PER_BLOCK)
    low = tf.tile(tf.range(blocks, dtype=tf.int64), (environments,))
    drawn = philox_blocks(tf.repeat(keys, blocks), low, tf.repeat(calls, blocks))
    return _inputs(layout, tf.reshape(drawn, (environments, -1))[:, :count])


def reset_keys(stream: Tensor, episodes: Tensor) -> Tensor:
    """By environment, (N,) int64: the key of the noise of its episode of this number.

    It is `rlkit.noise.philox.reset_seed`; `stream` is a stream's key, an int64 scalar.
    """
    environments = episodes.shape[0]
    drawn = philox_blocks(tf.repeat(stream, environments), episodes, tf.range(environments, dtype=tf.int64))
    return tf.cast(tf.bitwise.right_shift(drawn[:, 0], tf.constant(1, tf.uint32)), tf.int64)


def _inputs(layout: NoiseLayout, words: Tensor) -> dict[str, Any]:
    """From words (…, count) to the inputs of a function."""
    inputs: dict[str, Any] = {}
    if layout.uniforms:
        upper = tf.bitwise.right_shift(_taken(words, layout.floats, floats=True), tf.constant(8, tf.uint32))
        inputs["uniforms"] = tf.cast(tf.cast(upper, tf.int32), tf.float32) * 2.0**-24
    if layout.integers:
        inputs["integers"] = tf.cast(_taken(words, layout.floats, floats=False), tf.int64)
    return inputs


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
    parts = [words[..., begin:end] for begin, end in runs]
    return parts[0] if len(parts) == 1 else tf.concat(parts, -1)
