"""The regularizer: what action values cost beside their TD errors."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import tensorflow as tf

from rlkit import Call, Tensor, TensorSpec, returns


class Valued(NamedTuple):
    """Action values at the steps of a sample, B rows, and what was done there."""

    values: Tensor
    """(B, n) float32 of a network that learns, those of forbidden actions far below all others; the gradient flows
    here."""
    action: Tensor
    """(B,) int32, the action taken."""
    allowed: Tensor
    """(B, n) bool, the actions allowed there."""


def _cost(valued: Valued, call: Call) -> TensorSpec:
    return tf.TensorSpec(valued.action.shape, tf.float32)


@returns(cost=_cost)
class Regularizer(Protocol):
    """A cost of action values, added to the loss of each row. With state of its own it has `build(spaces)`."""

    def cost(self, valued: Valued, call: Call) -> Tensor:
        """(B,) float32, finite, each row's from its own values alone, with a gradient (graph code)."""
