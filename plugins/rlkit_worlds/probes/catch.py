"""A falling ball to catch."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Array, Discrete, Nest, Noise, ParameterError, Spaces, Tensor, Transition, component, parameter


@component
class Catch:
    """A ball falls straight down a board; a paddle on the bottom row moves under it. Every ball can be caught.

      observation  the board row by row, (rows · columns,) float32: 1 where ball or paddle is
      actions      left, stay, right
      start        ball in the top row, in any column alike; paddle in column ⌊columns / 2⌋
      reward       0, at the end 1 if the ball is caught, else -1
      terminated   when the ball reaches the bottom row, after rows - 1 steps
      best return  1

    Rules: bsuite's catch, Osband et al. (2020), "Behaviour suite for reinforcement learning".
    """

    rows: int = parameter(default=10, doc="height of the board", at_least=2, at_most=100, source="Osband et al. (2020)")
    columns: int = parameter(
        default=5, doc="width of the board", at_least=1, at_most=199, source="Osband et al. (2020)"
    )

    def __post_init__(self) -> None:
        if self.columns // 2 > self.rows - 1:
            most = 2 * self.rows - 1
            text = f"found {self.columns}; with {self.rows} rows at most {most}, or the paddle comes too late"
            raise ParameterError("columns", text)

    @property
    def episode_limit(self) -> int | None:
        """See `CompiledEnvironment`."""
        return None

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(Array((self.rows * self.columns,), "float32", 0.0, 1.0), Discrete(3))

    def reset(self, noise: Noise) -> Nest:
        """(3,) int32: the ball's row, the ball's column, the paddle's column."""
        column = tf.cast(noise.integers((), self.columns), tf.int32)
        return tf.stack([0, column, self.columns // 2])

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        square = tf.range(self.rows * self.columns)
        ball = tf.equal(square, state[0] * self.columns + state[1])
        paddle = tf.equal(square, (self.rows - 1) * self.columns + state[2])
        return tf.cast(ball | paddle, tf.float32)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        row, column = state[0] + 1, state[1]
        paddle = tf.clip_by_value(state[2] + action - 1, 0, self.columns - 1)
        down = tf.equal(row, self.rows - 1)
        reward = tf.where(down, tf.where(tf.equal(paddle, column), 1.0, -1.0), 0.0)
        return Transition(tf.stack([row, column, paddle]), reward, down)

    def render(self, state: Any) -> Any:
        """See `CompiledEnvironment`."""
        import numpy as np

        from rlkit_worlds.probes.board import AGENT, OTHER, picture

        board = np.zeros((self.rows, self.columns), np.int64)
        board[self.rows - 1, state[2]] = AGENT
        board[state[0], state[1]] = OTHER
        return picture(board)
