"""The bootstrap: what a target is built on at the next step."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import tensorflow as tf

from rlkit import Call, Tensor, Within, bounds, returns


class Estimates(NamedTuple):
    """Action values around the steps of a sample, those of forbidden actions far below all others."""

    action: Tensor
    """(B,) int32, taken at the observation."""
    online: Tensor
    """(B, n) float32, the online network's values at the observation; no gradient flows through them."""
    target: Tensor
    """(B, n) float32, the target network's there."""
    allowed: Tensor
    """(B, n) bool, the actions allowed there."""
    next_online: Tensor
    """(B, n) float32, the online network's values at the next observation."""
    next_target: Tensor
    """(B, n) float32, the target network's there."""
    next_allowed: Tensor
    """(B, n) bool, the actions allowed there."""
    next_targets: tuple[Tensor, ...] = ()
    """(B, n) float32 each, the values of all target networks at the next observation, `next_target` first."""
    next_exploring: Tensor | None = None
    """(B, n) float32, the exploration's probabilities of actions at the next observation, by the online network's
    values. None if the bootstrap has no `needs`, or the exploration no `probabilities`."""
    next_action: Tensor | None = None
    """(B,) int32, the action taken at the next observation; -1 where none was: a truncated or terminated episode's end,
    the newest step of all. None unless the bootstrap `needs` it."""


NEEDS = ("next_exploring", "next_action")
"""The fields that a bootstrap must ask for."""


class Backup(NamedTuple):
    """r + bonus + discount · Σ_a' policy(a') · (Q⁻(s', a') + next_bonus(a'))."""

    policy: Tensor
    """(B, n) float32, each row summing to 1, 0 for forbidden actions: how the next values are averaged."""
    bonus: Tensor | float = 0.0
    """(B,) float32, added to the reward."""
    next_bonus: Tensor | float = 0.0
    """(B, n) float32, added to the next values: an entropy."""


def _backup(estimates: Estimates, call: Call) -> Backup:
    each = tf.TensorSpec(estimates.next_target.shape, tf.float32)
    return Backup(each, tf.TensorSpec(each.shape[:1], tf.float32), each)


def _policy(backup: Backup, estimates: Estimates, call: Call) -> list[Within]:
    forbidden = tf.where(estimates.next_allowed, 0.0, backup.policy)
    return [
        Within("the weight of an action in policy", backup.policy, 0.0, 1.0),
        Within("the sum of a row of policy", tf.reduce_sum(backup.policy, -1), 1.0, 1.0),
        Within("the weight of a forbidden action in policy", forbidden, 0.0, 0.0),
    ]


@returns(backup=_backup)
@bounds(backup=_policy)
class Bootstrap(Protocol):
    """The policy that a target assumes at the next observation. With state of its own it has `build(spaces)`.

    An optional class attribute `needs` names the fields of `Estimates`, of those in `NEEDS`, that it cannot do without:
    `needs = ("next_action",)`. An agent refuses parts that cannot give them. Two more optional attributes say how many
    networks it needs, each 1 by default: `networks`, pairs of an online and a target network, all of which learn the
    same targets; `target_networks`, of the first pair, in a row of which each follows the one before, as the target
    update says. The heads' targets are built on `next_target`; for others, `next_bonus` has the difference.
    """

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        """How targets are built (graph code). No gradient flows through it."""
