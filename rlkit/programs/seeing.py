"""What whoever acts is given, and gives back: the fields of a `Seen` as inputs, actions as an output."""

from __future__ import annotations

import tensorflow as tf

from rlkit.contracts.data import Seen
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.replay.columns import ALLOWED, action_column


def seen_inputs(spaces: Spaces) -> tuple[TensorSpec, ...]:
    """The fields of a `Seen`; `allowed` only where the environment has a mask."""
    environments, observation = spaces.environments, spaces.observation
    shape, dtype = action_column(spaces)
    inputs = [
        tf.TensorSpec((environments, *observation.shape), observation.dtype, name="observation"),
        tf.TensorSpec((environments,), tf.bool, name="first"),
        tf.TensorSpec((environments, *shape), dtype, name="previous_action"),
        tf.TensorSpec((environments,), tf.float32, name="last_reward"),
    ]
    if isinstance(spaces.action, Discrete) and spaces.action.masked:
        inputs.append(tf.TensorSpec((environments, spaces.action.n), tf.bool, name=ALLOWED))
    return tuple(inputs)


def seen_from(given: dict[str, Tensor], spaces: Spaces) -> Seen:
    """The `Seen` of those inputs."""
    previous = tf.where(given["first"], 0.0, given["last_reward"])
    return Seen(**{ALLOWED: all_allowed(spaces, spaces.environments), **given}, previous_reward=previous)


def all_allowed(spaces: Spaces, *lead: int) -> Tensor:
    """(*lead, n) bool, all True; (*lead, 0) for actions that are not discrete."""
    actions = spaces.action.n if isinstance(spaces.action, Discrete) else 0
    return tf.constant(True, shape=(*lead, actions))


def as_actions(action: Tensor, spaces: Spaces) -> Tensor:
    """Actions (B, *a) as the environment takes them, counted from 0."""
    shape, dtype = action_column(spaces)
    return tf.cast(tf.ensure_shape(action, (spaces.environments, *shape)), dtype)
