"""What the MinAtar games share: their board, their six moves, and the stickiness of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import tensorflow as tf

from rlkit import Array, Discrete, Nest, Spaces, Tensor, component, parameter

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SIZE = 10
"""Rows and columns of the board; a cell is (row, column), row 0 at the top."""
STAY, LEFT, UP, RIGHT, DOWN, FIRE = range(6)
ALL_MOVES = (STAY, LEFT, UP, RIGHT, DOWN, FIRE)


@component
class MinAtarGame:
    """Young and Tian (2019), "MinAtar: an Atari-inspired testbed for thorough and reproducible reinforcement learning
    experiments".

    An episode starts with `STAY` as the last move. The package's games carry the last move over from the episode
    before, so that an episode's start there depends on more than its seed.
    """

    channels: ClassVar[int]
    moves: ClassVar[tuple[int, ...]] = ALL_MOVES
    """What the actions 0, 1, … mean."""

    sticky_action_prob: float = parameter(
        default=0.1, doc="probability with which the last move is repeated instead", at_least=0, at_most=1
    )
    difficulty_ramping: bool = parameter(
        default=True, doc="whether a game grows harder with time; Breakout and Freeway never do"
    )

    @property
    def episode_limit(self) -> int | None:
        """See `CompiledEnvironment`."""
        return None

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(Array((SIZE, SIZE, self.channels), "bool", 0, 1), Discrete(len(self.moves)))

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`: (10, 10, channels) bool."""
        raise NotImplementedError

    def render(self, state: Nest) -> npt.NDArray[np.uint8]:
        """The board of a state of NumPy arrays as a picture, (320, 320, 3) uint8."""
        import numpy as np

        from rlkit_worlds.minatar.picture import picture

        return picture(np.asarray(self.observe(state)))

    def move(self, action: Tensor, last_move: Tensor, chance: Tensor) -> Tensor:
        """The move that an action comes to: () int32. `chance` is () float32 in [0, 1)."""
        move = action
        if self.moves != ALL_MOVES:
            move = sum(tf.where(tf.equal(action, i), self.moves[i], 0) for i in range(len(self.moves)))
        return tf.where(chance < self.sticky_action_prob, last_move, move)


def walked(place: Tensor, move: Tensor, back: int, forth: int, lowest: int = 0, highest: int = SIZE - 1) -> Tensor:
    """A row or column after one step of the player, who stays on the board: () int32."""
    step = integer(tf.equal(move, forth)) - integer(tf.equal(move, back))
    return tf.clip_by_value(place + step, lowest, highest)


def cells() -> Tensor:
    """The number 10 · row + column of each cell: (10, 10, 1) int32."""
    return tf.reshape(tf.range(SIZE * SIZE), (SIZE, SIZE, 1))


def marked(columns: Tensor) -> Tensor:
    """The board with one cell marked in each row of each channel: (10, channels) int32 to (10, 10, channels) bool.

    A column off the board (-1, 10) marks nothing.
    """
    return tf.equal(columns[:, None, :], tf.range(SIZE)[None, :, None])


def integer(condition: Tensor) -> Tensor:
    """1 where true, else 0: int32."""
    return tf.cast(condition, tf.int32)
