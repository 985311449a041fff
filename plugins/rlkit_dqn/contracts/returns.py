"""Returns: how far a target follows the steps of a recorded window before it bootstraps."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import tensorflow as tf

from rlkit import Call, Tensor, Within, bounds, returns


class Following(NamedTuple):
    """R steps, each of which follows another one of its window; all by the target network, no gradient flows."""

    action: Tensor
    """(R,) int32, taken there."""
    policy: Tensor
    """(R, n) float32, what the bootstrap assumes there: how values are averaged, each row summing to 1."""
    values: Tensor
    """(R, n) float32, action values there."""
    value: Tensor
    """(R,) float32, what would be bootstrapped there: Σ policy · values, and what the bootstrap adds to them."""


class Trace(NamedTuple):
    """How much of what was recorded from a step on takes the place of values."""

    decay: Tensor
    """(R,) float32 of 0 to 1; 0 cuts the trace."""
    replaced: Tensor
    """(R,) float32, the value in whose place the return comes."""


def _trace(following: Following, call: Call) -> Trace:
    each = tf.TensorSpec(following.value.shape, tf.float32)
    return Trace(each, each)


def _decay(trace: Trace, following: Following, call: Call) -> list[Within]:
    return [Within("decay", trace.decay, 0.0, 1.0)]


@returns(trace=_trace)
@bounds(trace=_decay)
class Returns(Protocol):
    """G_t = r_t + γ [value_{t+1} + decay_{t+1} (G_{t+1} − replaced_{t+1})] over a window of steps.

    The general form of Munos, Stepleton, Harutyunyan and Bellemare (2016), "Safe and efficient off-policy reinforcement
    learning", whose c is `decay`. Nothing follows the last step of an episode or window. With state of its
    own it has `build(spaces)`.

    One that always has decay 1 and replaces `value`, so that a window is bootstrapped after its last step alone, says
    so by a class attribute, `last_only = True`: networks are then not asked for what lies between.
    """

    def trace(self, following: Following, call: Call) -> Trace:
        """Graph code."""


def last_only(part: Returns) -> bool:
    """Whether returns bootstrap after the last step of a window alone."""
    return bool(getattr(part, "last_only", False))


def value_of_action(following: Following) -> Tensor:
    """(R,): of the action that was taken."""
    return of_action(following.values, following.action)


def of_action(each: Tensor, action: Tensor) -> Tensor:
    """(R,): the entry of (R, n) at an action (R,)."""
    return tf.reduce_sum(each * tf.one_hot(action, each.shape[-1]), axis=-1)
