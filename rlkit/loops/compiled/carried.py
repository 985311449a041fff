"""What the compiled loop carries from step to step beside the variables. B stands for environments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.loops.compiled.learning import Log
from rlkit.loops.compiled.task import Leaves, Moment

LAST_REWARD = "last_reward"
PREVIOUS = ("previous_action", LAST_REWARD)
"""Fields of a `Seen` that are carried from step to step where they are read."""


class Carried(NamedTuple):
    """What goes from step to step beside the variables."""

    moment: Moment
    previous: Leaves
    """Action (B, *a) and reward (B,) of the step before, if `act` reads them."""
    memory: Leaves
    length: Tensor
    """(B,) int64, steps of the open episodes."""
    episode_return: Tensor
    """(B,) float64."""
    terminated: Tensor
    """(B,) bool."""
    truncated: Tensor
    """(B,) bool."""
    step: Tensor
    """int64, as in `Progress`."""
    update: Tensor
    """int64, as in `Progress`."""
    fault: Tensor
    """(B,) int64: `FINE`, or what went wrong with the last step."""
    action: Tensor
    """(B,) int64: that step's actions, if they are discrete."""
    log: Log


def flat(carried: Carried) -> list[Tensor]:
    """Its leaves, as the variables of a `tf.while_loop`."""
    return [tf.convert_to_tensor(leaf) for leaf in tf.nest.flatten(carried)]


def unflat(like: Carried, leaves: Sequence[Tensor]) -> Carried:
    """The inverse of `flat`; `like` has the same structure."""
    packed: Carried = tf.nest.pack_sequence_as(like, list(leaves))
    return packed
