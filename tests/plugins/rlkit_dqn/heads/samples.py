"""Rows of heads for tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.contracts.head import Rows

ACTIONS = 3
POLICY = np.array([[0, 1, 0], [0.5, 0, 0.5], [0.2, 0.3, 0.5], [1, 0, 0]], np.float32)
ACTION = np.array([0, 2, 1, 1], np.int32)
REWARD = np.array([0.3, -1.0, 2.0, 0.7], np.float32)
DISCOUNT = np.array([0.9, 0.0, 0.81, 0.9], np.float32)
BONUS = np.array([0.0, 0.5, -0.5, 0.1], np.float32)
NEXT_BONUS = np.array([[0.1, 0.4, -0.3], [1, 2, 3], [-0.7, 0.2, 0.6], [0.5, 0, 0]], np.float32)


def rows(out: Any, next_out: Any, *, bonuses: bool) -> Rows:
    """Four rows: one action's target, a tie of two, all actions', and one action's again; the second one terminates."""
    backup = Backup(tf.constant(POLICY))
    if bonuses:
        backup = Backup(tf.constant(POLICY), tf.constant(BONUS), tf.constant(NEXT_BONUS))
    return Rows(out, tf.constant(ACTION), tf.constant(REWARD), tf.constant(DISCOUNT), next_out, backup, None)


def normal(seed: int, *shape: int) -> npt.NDArray[np.float32]:
    """Standard normal numbers."""
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)
