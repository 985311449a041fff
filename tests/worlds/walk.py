"""A compiled environment for tests: drawn whole numbers and fractions, a state of several dtypes."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Array, Discrete, Nest, Noise, Spaces, Tensor, Transition, component


@component
class Walk:
    """Places on a ring of 7; the action and a drawn number move along it, heat builds up by drawn fractions."""

    limit: int | None = 30
    hottest: float = 12.0

    @property
    def episode_limit(self) -> int | None:
        return self.limit

    def spaces(self) -> Spaces:
        return Spaces(Array((3,), "int32", 0, 100), Discrete(3, start=-1))

    def reset(self, noise: Noise) -> Nest:
        places = tf.cast(noise.integers((2,), 7), tf.int32)
        return {"places": places, "heat": noise.uniform(()), "cold": tf.constant(False)}

    def observe(self, state: Nest) -> Tensor:
        return tf.concat([state["places"], [tf.cast(state["heat"], tf.int32)]], 0)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        warmed = state["heat"] + noise.uniform(())
        drawn = tf.cast(noise.integers((2,), 3), tf.int32)
        places = tf.math.floormod(state["places"] + drawn + action, 7)
        cold = noise.uniform((5,))[4] < 0.01
        after = {"places": places, "heat": warmed, "cold": cold}
        return Transition(after, tf.cast(places[0], tf.float32), warmed > self.hottest, cold)
