"""A corridor whose beginning says which way to turn at its end."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Array, Discrete, Nest, Noise, Spaces, Tensor, Transition, component, parameter

_CORRIDOR, _JUNCTION = (1.0, 0.0, 1.0), (0.0, 1.0, 0.0)
_SIGNS = ((0.0, 1.0, 1.0), (1.0, 1.0, 0.0))
"""At the start, where the goal is in the north, and in the south."""
_GOAL, _PENALTY = 4.0, -0.1
NORTH, EAST, SOUTH, WEST = range(4)


@component
class TMaze:
    """A corridor that ends in a junction; at its start a sign says where the goal is, north or south of the junction.

      observation  (3,) float32: at the start 0 1 1 (north) or 1 1 0 (south), then 1 0 1, at the junction 0 1 0
      actions      north, east, south, west
      start        at the west end, the goal in the north or the south alike
      reward       at the junction 4 for turning towards the goal, -0.1 for turning away; -0.1 for staying where one is,
                   against a wall; else 0
      terminated   on turning north or south at the junction
      truncated    after `episode_limit` steps
      best return  4, in length + 1 steps, for remembering the sign; 1.95 for whoever does not

    Between the sign and the junction every observation is the same. Bakker (2002), "Reinforcement learning with long
    short-term memory".
    """

    length: int = parameter(
        default=10,
        doc="steps from the start to the junction",
        at_least=1,
        at_most=10_000,
        source="Bakker, 2002: 5 to 70",
    )
    episode_limit: int | None = parameter(
        default=100, doc="steps after which an episode is truncated; null: none", at_least=1
    )

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(Array((3,), "float32", 0.0, 1.0), Discrete(4))

    def reset(self, noise: Noise) -> Nest:
        """(2,) int32: steps from the start, and 1 if the goal is in the south."""
        return tf.stack([0, tf.cast(noise.integers((), 2), tf.int32)])

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        further = tf.where(tf.equal(state[0], self.length), tf.constant(_JUNCTION), tf.constant(_CORRIDOR))
        return tf.where(tf.equal(state[0], 0), tf.gather(tf.constant(_SIGNS), state[1]), further)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        turns = tf.equal(action % 2, 0)
        over = turns & tf.equal(state[0], self.length)
        to = tf.clip_by_value(state[0] + tf.where(turns, 0, 2 - action), 0, self.length)
        right = tf.equal(action, 2 * state[1])
        blocked = tf.where(tf.equal(to, state[0]), _PENALTY, 0.0)
        reward = tf.where(over & right, _GOAL, blocked)
        return Transition(tf.stack([to, state[1]]), reward, over)

    def render(self, state: Any) -> Any:
        """See `CompiledEnvironment`."""
        import numpy as np

        from rlkit_worlds.probes.board import AGENT, EMPTY, GOAL, WALL, picture

        board = np.full((3, self.length + 1), WALL)
        board[1] = EMPTY
        board[:, -1] = EMPTY
        board[2 if state[1] else 0, -1] = GOAL
        board[1, state[0]] = AGENT
        return picture(board)
