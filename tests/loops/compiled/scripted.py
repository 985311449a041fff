"""Compiled environments with scripts, for tests of the loop."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Array, Discrete, Spaces, Transition, component
from rlkit.noise.philox import reset_seed, unit_floats, words

MOST = 12
TRUNCATED_SHARE = 0.4


@component
class Counter:
    """Observation (step within the episode, the episode's tag); reward 1; length and kind of end drawn at reset."""

    episode_limit: int | None = None
    reward: float = 1.0

    def spaces(self):
        return Spaces(Array((2,), "float32"), Discrete(2))

    def reset(self, noise):
        length = 1 + noise.integers((), MOST)
        kind, tag = noise.uniform(()), noise.uniform(())
        return {"count": tf.zeros((), tf.int64), "length": length, "cut": kind < TRUNCATED_SHARE, "tag": tag}

    def observe(self, state):
        return tf.stack([tf.cast(state["count"], tf.float32), state["tag"]])

    def step(self, state, action, noise):
        count = state["count"] + 1
        over = count >= state["length"]
        return Transition({**state, "count": count}, self.reward, over & ~state["cut"], over & state["cut"])


def script(seed, episodes, environment=0):
    """Length, whether it is truncated, and tag of each episode of an environment, as the host's Philox says."""
    found = []
    for episode in range(episodes):
        drawn = words(reset_seed(seed, "environment", environment, episode), 0, 1, 3)[0]
        kind, tag = unit_floats(drawn[1:])
        found.append((1 + (int(drawn[0]) * MOST >> 32), bool(kind < TRUNCATED_SHARE), float(tag)))
    return found


@component
class Endless:
    """Never ends by itself; the observation is the number of the step in 1,000s."""

    episode_limit: int | None = None
    poison_at: int = 2**40
    poison: float = -1e38

    def spaces(self):
        return Spaces(Array((1,), "float32"), Discrete(2))

    def reset(self, noise):
        return tf.zeros((), tf.int64)

    def observe(self, state):
        return tf.cast(state, tf.float32)[None] / 1000.0

    def step(self, state, action, noise):
        reward = tf.where(tf.equal(state, self.poison_at), tf.constant(self.poison) * 10.0, 1.0)
        return Transition(state + 1, reward, tf.constant(False))
