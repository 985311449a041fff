"""The action that was taken next."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, component
from rlkit_dqn.contracts.bootstrap import Backup, Estimates


@component
class Sarsa:
    """The action that was really taken next: y = r + γ Q⁻(s', a').

    Rows are one step longer, to hold it. Where none was taken (a truncated episode's end, the newest step of all), the
    mean over the exploring policy stands in, as in expected_sarsa, or the greedy action if the exploration has no
    `probabilities`. Replayed actions are those of older policies, so keep the buffer short. Rummery and Niranjan
    (1994), "On-line Q-learning using connectionist systems".
    """

    needs = ("next_action",)

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        """One-hot at the next action."""
        values, taken, instead = estimates.next_online, estimates.next_action, estimates.next_exploring
        actions = values.shape[-1]
        if instead is None:
            instead = tf.one_hot(tf.argmax(values, axis=-1, output_type=tf.int32), actions)
        return Backup(tf.where(tf.reshape(taken, (-1, 1)) < 0, instead, tf.one_hot(taken, actions)))
