"""A task with a mask: a corridor in which walking into a wall is forbidden."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Array, Discrete, Spaces, Transition, component, parameter


@component
class Corridor:
    """Places in a row, begun anywhere; 0 goes left, 1 right, 2 leaves, which only the last place allows and rewards."""

    length: int = parameter(default=5, doc="places", at_least=2)
    episode_limit = 50

    def spaces(self):
        return Spaces(Array((self.length,), "float32", 0.0, 1.0), Discrete(3))

    def reset(self, noise):
        return tf.cast(noise.integers((), self.length), tf.int32)

    def observe(self, state):
        return tf.one_hot(state, self.length)

    def allowed(self, state):
        return tf.stack([state > 0, state < self.length - 1, tf.equal(state, self.length - 1)])

    def step(self, state, action, noise):
        leaves = tf.equal(action, 2)
        after = tf.clip_by_value(state + tf.where(leaves, 0, 2 * action - 1), 0, self.length - 1)
        return Transition(after, tf.where(leaves, 1.0, -0.01), leaves)
