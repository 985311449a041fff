"""ε-greedy exploration."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, Seen, Tensor, any_action, component, greedy
from rlkit_dqn.explorations.epsilon import Epsilon


@component
class EpsilonGreedy(Epsilon):
    """A random action with probability ε, else the action of greatest value.

    After k episodes ε = max(start · decayᵏ, end), or what `schedule` says. Watkins (1989); the decay by episode is
    the reference notebook's.
    """

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration.select`."""
        explores, tried = self.tries(seen, call)
        return tf.where(explores, tried, greedy(values, seen.allowed))

    def tries(self, seen: Seen, call: Call) -> tuple[Tensor, Tensor]:
        """See `Exploration`: with probability ε, any of the actions that are allowed."""
        explores = call.noise.uniform((seen.allowed.shape[0],)) < self.epsilon(call.progress)
        return explores, any_action(seen.allowed, call.noise)

    def probabilities(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration`: ε shared by the allowed actions, the rest for the greedy one."""
        return shares(self.epsilon(call.progress), values, seen.allowed)


def shares(epsilon: Tensor, values: Tensor, allowed: Tensor) -> Tensor:
    """ε-greedy probabilities (B, n): ε, a scalar or (B, 1), shared by the allowed actions, the rest for the greedy."""
    each = tf.cast(allowed, tf.float32)
    shared = each / tf.reduce_sum(each, axis=-1, keepdims=True)
    return epsilon * shared + (1.0 - epsilon) * tf.one_hot(greedy(values, allowed), values.shape[-1])
