"""A dive that only directed exploration finds."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from rlkit import Array, Discrete, Nest, Noise, Spaces, Tensor, Transition, component, parameter

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_COST = 0.01


@component
class DeepSea:
    """A diver sinks one row a step, to the left or the right; a treasure lies at the end of the diagonal.

      observation  the grid row by row, (size²,) float32: 1 where the diver is; zeros once it has ended
      actions      0 and 1: one goes left, the other right, which one is drawn for every square by `mapping_seed`
      start        top left; deterministic
      reward       -0.01 / size for going right; 1 for going right in the last column
      terminated   after `size` steps
      best return  0.99, for going right at every step; every other way gets 0 or less

    A random policy finds the treasure once in 2^size episodes. Rules, and the mapping of the same seed: bsuite's
    deep_sea, Osband et al. (2020), "Behaviour suite for reinforcement learning".
    """

    size: int = parameter(default=10, doc="rows, columns, and steps of an episode", at_least=2, at_most=100)
    mapping_seed: int | None = parameter(
        default=None, doc="decides for every square which action goes right; null: action 1", at_least=0, below=2**32
    )

    @property
    def episode_limit(self) -> int | None:
        """See `CompiledEnvironment`."""
        return None

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(Array((self.size**2,), "float32", 0.0, 1.0), Discrete(2))

    def reset(self, noise: Noise) -> Nest:
        """(2,) int32: row and column."""
        return tf.zeros((2,), tf.int32)

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        return tf.cast(tf.equal(tf.range(self.size**2), self._square(state)), tf.float32)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        last = self.size - 1
        if self.mapping_seed is None:
            right = tf.equal(action, 1)
        else:
            right = tf.equal(action, tf.gather(rightward(self.size, self.mapping_seed), self._square(state)))
        treasure = right & tf.equal(state[1], last)
        reward = tf.where(right, -_COST / self.size, 0.0) + tf.cast(treasure, tf.float32)
        column = tf.clip_by_value(state[1] + tf.where(right, 1, -1), 0, last)
        return Transition(tf.stack([state[0] + 1, column]), reward, tf.equal(state[0], last))

    def render(self, state: Any) -> Any:
        """See `CompiledEnvironment`."""
        import numpy as np

        from rlkit_worlds.probes.board import AGENT, COSTLY, GOAL, picture

        board = np.full((self.size, self.size), COSTLY)
        board[np.triu_indices(self.size, 1)] = 0  # never reached
        board[-1, -1] = GOAL
        if state[0] < self.size:
            board[state[0], state[1]] = AGENT
        return picture(board)

    def _square(self, state: Nest) -> Tensor:
        return state[0] * self.size + state[1]


@lru_cache(maxsize=8)
def rightward(size: int, mapping_seed: int) -> npt.NDArray[np.int32]:
    """The action that goes right, by square: (size²,). NumPy keeps RandomState's numbers the same for ever."""
    import numpy as np

    return np.random.RandomState(mapping_seed).binomial(1, 0.5, size**2).astype(np.int32)
