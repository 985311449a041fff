"""A way to find between walls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tensorflow as tf

from rlkit import Array, Discrete, Nest, Noise, Spaces, Tensor, Transition, component, parameter

if TYPE_CHECKING:
    from rlkit_worlds.probes.grid_map import GridMap


@component
class GridWorld:
    """A walk on squares from S to G, around walls, on ground that slips if asked.

      map          lines of equal length: S start, G goal, # wall, . free, 1 to 9 free and so many times as dear
      observation  the agent's square one-hot, row by row, (rows · columns,) float32
      actions      up, right, down, left; where a wall or the edge is in the way the agent stays
      start        any S alike
      slip         the chance that a move goes to the left or the right of where it was meant, either alike
      reward       1 on reaching a goal; every step costs `step_cost`, times the digit of the square where it ends
      terminated   on reaching a goal
      truncated    after `episode_limit` steps
      best return  without slip and digits: 1 - step_cost · length of the shortest path

    Moves and slip are those of the 4 × 3 world in Russell and Norvig, "Artificial Intelligence: A Modern Approach",
    whose slip is 0.2.
    """

    map: tuple[str, ...] = parameter(
        default=("S..#...", ".#.#.#.", ".#...#.", ".#####.", "......G"), doc="the squares, a string for each row"
    )
    slip: float = parameter(
        default=0.0, doc="chance that a move goes astray to its left or right", at_least=0, at_most=1
    )
    step_cost: float = parameter(default=0.01, doc="what entering a free square costs", at_least=0)
    episode_limit: int | None = parameter(
        default=100, doc="steps after which an episode is truncated; null: none", at_least=1
    )

    def __post_init__(self) -> None:
        self._squares()

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(Array((self._squares().wall.size,), "float32", 0.0, 1.0), Discrete(4))

    def reset(self, noise: Noise) -> Nest:
        """() int32: the agent's square."""
        starts = self._squares().starts
        return tf.gather(starts, noise.integers((), len(starts)))

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        return tf.cast(tf.equal(tf.range(self._squares().wall.size), state), tf.float32)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        import numpy as np

        squares = self._squares()
        if self.slip:
            astray = noise.uniform(())
            turn = tf.where(astray < self.slip / 2, 3, tf.where(astray < self.slip, 1, 0))
            action = (action + turn) % 4
        after = tf.gather(squares.successors.ravel(), 4 * state + action)
        arrived = tf.gather(squares.goal, after)
        reward = tf.cast(arrived, tf.float32) - tf.gather(np.float32(self.step_cost) * squares.costs, after)
        return Transition(after, reward, arrived)

    def render(self, state: Any) -> Any:
        """See `CompiledEnvironment`."""
        import numpy as np

        from rlkit_worlds.probes.board import AGENT, COSTLY, EMPTY, GOAL, WALL, picture

        squares = self._squares()
        board = np.where(squares.costs > 1, COSTLY, EMPTY)
        board[squares.wall], board[squares.goal] = WALL, GOAL
        board[int(state)] = AGENT
        return picture(board.reshape(squares.rows, squares.columns))

    def _squares(self) -> GridMap:
        from rlkit_worlds.probes.grid_map import read_map

        return read_map(tuple(self.map))
