"""The head: a network's last layers, what they mean, and how far they are from a target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import keras
import tensorflow as tf

from rlkit import Call, Nest, Tensor, TensorSpec, returns
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.contracts.loss import Loss


class Rows(NamedTuple):
    """What a head's losses are worked out from, B rows of a sample."""

    out: Nest
    """What the head's layers gave on the online network's features at the observation; the gradient flows here."""
    action: Tensor
    """(B,) int32, the action taken."""
    reward: Tensor
    """(B,) float32, summed and discounted over the row's steps."""
    discount: Tensor
    """(B,) float32, what the next observation's value is multiplied by: γ to the power of the row's steps, 0 where the
    row ends in termination."""
    next_out: Nest
    """The same of the target network at the next observation."""
    backup: Backup
    """From the bootstrap."""
    loss: Loss | None
    """The cost of a TD error; None for a head that has a loss of its own (`own_loss`)."""
    kept: Mapping[str, Tensor] = {}
    """(B, …) each, what `Head.kept` stored with the step; empty for a head that stores nothing."""


class Costs(NamedTuple):
    """What each row costs, and how surprising it was."""

    losses: Tensor
    """(B,) float32."""
    td_error: Tensor
    """(B,) float32: target − prediction; a distributional head gives the measure of surprise that its paper uses."""


def _build(features: TensorSpec, actions: int) -> Any:
    return keras.Layer


def _values(out: Nest) -> TensorSpec:
    return tf.TensorSpec((None, None), tf.float32)


def _member_values(out: Nest) -> TensorSpec:
    return tf.TensorSpec((None, None, None), tf.float32)


def _losses(rows: Rows, call: Call) -> Costs:
    each = tf.TensorSpec(rows.reward.shape, tf.float32)
    return Costs(each, each)


@returns(build=_build, values=_values, member_values=_member_values, losses=_losses)
class Head(Protocol):
    """Makes action values of a network's features: one number an action, a distribution, quantiles.

    A head whose `losses` do not read `rows.loss` says so by a class attribute, `own_loss = True`: the agent then has no
    loss, and refuses one that is given.

    One whose layers give a single tensor, (B, …), each row of it from a row of features, may say `one_tensor = True`:
    it can then be a member of an ensemble.

    A head of several members, `members` of them, says besides what each values, as graph code: `member_values(out)`,
    (B, K, n) float32. A bootstrap is then asked for a policy of each, and `rows.backup` is of B · K rows, the K of a
    row following one another; one of B rows is for all members alike. It may have `kept(environments, call)`, graph
    code: what is stored with each step and comes back in `Rows.kept`, by name, (environments, …) each.
    """

    def build(self, features: TensorSpec, actions: int) -> Any:
        """A Keras layer or model, its variables created, from (B, features) to what `values` reads.

        Called once a network. Its `call` may take `noise`, as a network's may; it may return a nest of tensors.
        """

    def values(self, out: Nest) -> Tensor:
        """Action values (B, n) float32 (graph code)."""

    def losses(self, rows: Rows, call: Call) -> Costs:
        """Graph code."""


def own_loss(head: Head) -> bool:
    """Whether a head has a loss of its own."""
    return bool(getattr(head, "own_loss", False))


def has_members(head: Head) -> bool:
    """Whether a head has several members, whose values are told apart."""
    return hasattr(head, "member_values")
