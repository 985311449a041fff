"""A small reward near by, a large one far off."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Array, Discrete, Nest, Noise, Spaces, Tensor, Transition, component, parameter

_SMALL, _LARGE = 0.001, 1.0
_SPARE = 9


@component
class Chain:
    """A row of n states with a small reward at the left end and a large one at the right end.

      observation  the state one-hot, (n,) float32
      actions      left, right; at the ends the agent stays
      start        the second state; deterministic
      reward       0.001 for going left in the first state, 1 for going right in the last one, else 0
      terminated   never
      truncated    after n + 9 steps
      best return  11, for going right: n - 2 steps on the way, 11 at the end

    The chain of Osband et al. (2016), "Deep exploration via bootstrapped DQN": rewards, start and length of an
    episode are theirs. Its reward is for being in a state; here, for acting in it.
    """

    n: int = parameter(default=10, doc="states", at_least=3, at_most=10_000)

    @property
    def episode_limit(self) -> int | None:
        """See `CompiledEnvironment`."""
        return self.n + _SPARE

    def spaces(self) -> Spaces:
        """See `CompiledEnvironment`."""
        return Spaces(Array((self.n,), "float32", 0.0, 1.0), Discrete(2))

    def reset(self, noise: Noise) -> Nest:
        """() int32: the state, from 0."""
        return tf.constant(1)

    def observe(self, state: Nest) -> Tensor:
        """See `CompiledEnvironment`."""
        return tf.cast(tf.equal(tf.range(self.n), state), tf.float32)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """See `CompiledEnvironment`."""
        to = state + 2 * action - 1
        reward = tf.where(to < 0, _SMALL, tf.where(to >= self.n, _LARGE, 0.0))
        return Transition(tf.clip_by_value(to, 0, self.n - 1), reward, tf.constant(False))

    def render(self, state: Any) -> Any:
        """See `CompiledEnvironment`."""
        import numpy as np

        from rlkit_worlds.probes.board import AGENT, COSTLY, EMPTY, GOAL, picture

        board = np.full((1, self.n), EMPTY)
        board[0, 0], board[0, -1] = COSTLY, GOAL
        board[0, int(state)] = AGENT
        return picture(board)
