"""Samples of random steps."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import Sample, Step


def random_sample(
    seed: int, rows: int = 64, width: int = 4, actions: int = 2, length: int = 1, **columns: object
) -> Sample:
    """Rows of steps, a fifth of them terminated and others truncated; `columns` replace what is drawn."""
    rng, shape = np.random.default_rng(seed), (rows, length)
    terminated = rng.random(shape) < 0.2
    drawn = {
        "observation": rng.normal(size=(*shape, width)).astype(np.float32),
        "action": rng.integers(0, actions, shape).astype(np.int32),
        "reward": rng.normal(size=shape).astype(np.float32),
        "terminated": terminated,
        "truncated": ~terminated & (rng.random(shape) < 0.2),
        "next_observation": rng.normal(size=(*shape, width)).astype(np.float32),
        "allowed": np.ones((*shape, actions), bool),
        "next_allowed": np.ones((*shape, actions), bool),
        "weight": np.ones(rows, np.float32),
    } | columns
    weight = tf.constant(drawn.pop("weight"))
    steps = Step(**{name: tf.constant(column) for name, column in drawn.items()}, extras={})
    return Sample(steps, tf.ones(steps.reward.shape, bool), tf.range(rows, dtype=tf.int64), weight)
