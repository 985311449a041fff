"""Categorical distributions on evenly spaced atoms."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Tensor
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.heads.distributions import averaged


def project(probabilities: Tensor, places: Tensor) -> Tensor:
    """Probabilities (R, m) at places (R, m) onto the m atoms at 0, 1, … m − 1, shared between each one's neighbours.

    Bellemare, Dabney and Munos (2017), "A distributional perspective on reinforcement learning", equation 7. Places
    beyond an end count as that end.
    """
    atoms = probabilities.shape[-1]
    inside = tf.expand_dims(tf.clip_by_value(places, 0.0, float(atoms - 1)), axis=2)
    at = tf.reshape(tf.range(atoms, dtype=tf.float32), (1, 1, atoms))
    shares = tf.maximum(1.0 - tf.abs(inside - at), 0.0)
    # (R, m, m) shares of each place in each atom. A product of matrices takes XLA far less time than a sum.
    return tf.squeeze(tf.matmul(tf.expand_dims(probabilities, axis=1), shares), axis=1)


def projected_target(probabilities: Tensor, backup: Backup, reward: Tensor, discount: Tensor, atoms: Tensor) -> Tensor:
    """The distribution of r + bonus + discount · (z + next_bonus(a)), a by `backup.policy`, on the atoms: (B, m).

    Where no action has a bonus of its own, the actions' distributions are mixed and projected once: a projection is
    linear in the probabilities.

    Args:
        probabilities: (B, n, m), of the target network at the next observation.
        backup: from the bootstrap.
        reward: (B,).
        discount: (B,), 0 where the row ends in termination.
        atoms: (m,) the values z, evenly spaced.
    """
    policy, bonus, next_bonus = backup
    _, actions, m = probabilities.shape
    low, step = atoms[0], (atoms[-1] - atoms[0]) / (m - 1)

    def places(following: Tensor, row_reward: Tensor, row_discount: Tensor) -> Tensor:
        return (tf.expand_dims(row_reward, -1) + tf.expand_dims(row_discount, -1) * following - low) / step

    reward = reward + bonus
    if isinstance(next_bonus, float) and next_bonus == 0.0:
        return project(averaged(probabilities, policy), places(atoms, reward, discount))
    each = tf.reshape(tf.expand_dims(next_bonus, -1) + atoms, (-1, m))
    rows = places(each, tf.repeat(reward, actions), tf.repeat(discount, actions))
    found = project(tf.reshape(probabilities, (-1, m)), rows)
    return averaged(tf.reshape(found, (-1, actions, m)), policy)
