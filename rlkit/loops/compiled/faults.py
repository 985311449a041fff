"""What can go wrong with a step inside a compiled program: an action, a mask, or rows that cannot be."""

from __future__ import annotations

import tensorflow as tf

from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.contracts.tensor import Tensor
from rlkit.worlds.world import ActionFailure, EnvironmentFailure, with_slack

FINE, NO_SUCH_ACTION, NOTHING_ALLOWED, NO_SUCH_SLOT, NO_WEIGHT, NO_MASS, NO_NEW_MASS = range(7)


def fault_of(
    action: Tensor, allowed: tuple[Tensor, ...], space: Array | Discrete, next_allowed: tuple[Tensor, ...], over: Tensor
) -> Tensor:
    """Of a step of B environments: (B,) int64.

    Args:
        action: (B, *a).
        allowed: (B, n) bool when it was chosen; nothing without a mask.
        space: of actions.
        next_allowed: (B, n) bool after it.
        over: (B,) bool, the step terminated the episode, so that nothing need be allowed.
    """
    if isinstance(space, Discrete):
        exists = (action >= 0) & (action < space.n)
        if allowed:
            chosen = tf.range(space.n, dtype=action.dtype) == action[:, None]
            exists &= tf.reduce_any(allowed[0] & chosen, axis=-1)
    else:
        (low, high), taken = with_slack(*space.bounds()), tf.cast(action, tf.float64)
        inside = (taken >= low) & (taken <= high)
        exists = tf.reduce_all(tf.reshape(inside, (inside.shape[0], -1)), axis=-1)
    return tf.where(exists, mask_fault(next_allowed, over), tf.constant(NO_SUCH_ACTION, tf.int64))


def mask_fault(allowed: tuple[Tensor, ...], over: Tensor) -> Tensor:
    """Of masks (B, n) bool, and episodes (B,) bool that are over: (B,) int64."""
    fine = tf.zeros(over.shape, tf.int64) + FINE
    if not allowed:
        return fine
    return tf.where(over | tf.reduce_any(allowed[0], axis=-1), fine, NOTHING_ALLOWED)


def number_of(action: Tensor, space: Array | Discrete) -> Tensor:
    """Discrete actions (B,) as int64, for messages; 0 for others."""
    return tf.cast(action, tf.int64) if isinstance(space, Discrete) else tf.zeros(action.shape[:1], tf.int64)


def selection_fault(slots: Tensor, weight: Tensor, stored: Tensor) -> Tensor:
    """Of rows that were selected, (size,) each, of so many that are stored: an int64 scalar."""
    fine, no_slot, no_weight = (tf.constant(fault, tf.int64) for fault in (FINE, NO_SUCH_SLOT, NO_WEIGHT))
    weighed = tf.reduce_all((weight > 0.0) & tf.math.is_finite(weight))
    return tf.where(tf.reduce_all((slots >= 0) & (slots < stored)), tf.where(weighed, fine, no_weight), no_slot)


def mass_fault(masses: Tensor, counted: Tensor | bool, fault: int) -> Tensor:
    """Of masses (A,), those that count: an int64 scalar, `FINE` or the fault."""
    fine = tf.reduce_all(((masses > 0.0) & tf.math.is_finite(masses)) | ~tf.convert_to_tensor(counted))
    return tf.where(fine, tf.constant(FINE, tf.int64), tf.constant(fault, tf.int64))


def raise_fault(
    fault: int, action: int, spaces: Spaces, environment: str, episode: int, step: int, decider: str
) -> None:
    """Say what went wrong with a step, if anything did; `decider` is what to call who chose the action,
    and `step` −1 for the reset.

    Raises:
        ActionFailure: the agent chose what cannot be done.
        EnvironmentFailure: the environment's mask forbids every action.
    """
    if fault == NO_SUCH_ACTION:
        space = spaces.action
        if not isinstance(space, Discrete):
            what = "outside the bounds of its space"
        elif not 0 <= action < space.n:
            what = f"{action}; there are 0 to {space.n - 1}"
        else:
            what = f"{action}, which is not allowed there"
        raise ActionFailure(
            f"{decider} chose action {what} (environment {environment}, episode {episode}, step {step})"
        )
    if fault == NOTHING_ALLOWED:
        place = f"episode {episode}, step {step}" if step >= 0 else f"the reset of episode {episode}"
        raise EnvironmentFailure(f"environment {environment}, {place}: its mask (allowed) forbids every action")
