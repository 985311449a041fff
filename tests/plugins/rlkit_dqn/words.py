"""Noise for tests: numbers drawn by NumPy, served by the core's own noise source."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import Progress
from rlkit.noise.traced import TracedNoise


def noise(seed: int = 0, uniforms: int = 0, integers: int = 0) -> TracedNoise:
    """A source of so many floats and so many words."""
    drawn = np.random.default_rng(seed)
    floats = (drawn.integers(0, 2**24, uniforms) * 2.0**-24).astype(np.float32)
    return TracedNoise(tf.constant(floats), tf.constant(drawn.integers(0, 2**32, integers), tf.int64))


def progress(step: int = 0, episode: int = 0, update: int = 0) -> Progress:
    """As graph code gets it: int64 scalars."""
    return Progress(*(tf.constant(count, tf.int64) for count in (step, episode, update)))
