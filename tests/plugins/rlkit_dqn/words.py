"""What components are called with in tests; noise is drawn by NumPy and served by the core's own source."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import Call, Progress, Seen
from rlkit.noise.traced import TracedNoise


def noise(seed: int = 0, uniforms: int = 0, integers: int = 0) -> TracedNoise:
    """A source of so many floats and so many words."""
    drawn = np.random.default_rng(seed)
    floats = (drawn.integers(0, 2**24, uniforms) * 2.0**-24).astype(np.float32)
    return TracedNoise(tf.constant(floats), tf.constant(drawn.integers(0, 2**32, integers), tf.int64))


def progress(step: int = 0, episode: int = 0, update: int = 0) -> Progress:
    """As graph code gets it: int64 scalars."""
    return Progress(*(tf.constant(count, tf.int64) for count in (step, episode, update, 0)))


def call(source: TracedNoise | None = None, **counts: int) -> Call:
    """A call with this noise, or none, after so many steps, episodes and updates."""
    return Call(source or noise(), progress(**counts))


def seen(observation: object, actions: int, allowed: object = None) -> Seen:
    """Observations (B, *o) in the middle of their episodes, all actions allowed but for what is told."""
    rows = len(tf.convert_to_tensor(observation))
    everything = np.ones((rows, actions), bool) if allowed is None else allowed
    no, zero = tf.zeros((rows,), tf.bool), tf.zeros((rows,), tf.int32)
    reward = tf.zeros((rows,))
    return Seen(tf.convert_to_tensor(observation), no, zero, reward, tf.constant(everything), reward)
