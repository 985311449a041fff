"""One member of an ensemble for an episode, at work."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, Seen, Tensor, Variable, greedy


class ActingMember:
    """Which member acts in each environment."""

    of_members = True

    def __init__(self, environments: int) -> None:
        self.member: Variable = tf.Variable(tf.zeros((environments,), tf.int32), trainable=False)

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """See `Exploration.select`."""
        environments, members = values.shape[:2]
        drawn = tf.cast(call.noise.integers((environments,), members), tf.int32)
        member = tf.where(seen.first, drawn, self.member)
        self.member.assign(member)
        of_member = tf.expand_dims(tf.one_hot(member, members), 2)
        return greedy(tf.reduce_sum(of_member * values, axis=1), seen.allowed)
