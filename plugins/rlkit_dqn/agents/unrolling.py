"""A network that remembers, step after step of a sequence."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Nest, Noise, Tensor, apply


def unrolled(torso: Any, inputs: Nest, state: Nest, noise: Noise | None) -> tuple[list[Tensor], Nest]:
    """Features of each step, (B, features), and the state after the last.

    Written out step by step: LiteRT has no gradient of a loop. What needs no state is worked out for all steps at once,
    where the network can.

    Args:
        torso: what `Network.build` returned.
        inputs: (T, B, …) each.
        state: before the first.
        noise: None where a noisy network shall be still.
    """
    features = []
    for given in _steps(torso, inputs, noise):
        if _apart(torso):
            step, state = torso.remember(given, noise, state)
        else:
            step, state = apply(torso, given, noise, state)
        features.append(step)
    return features, state


def burned_in(torso: Any, inputs: Nest, stored: Nest, begins: Tensor, noise: Noise | None) -> Nest:
    """The state before the last step of `stored`, from the one that is stored with each row's first valid step.

    Args:
        torso: what `Network.build` returned.
        inputs: (T, B, …) each, of the steps before that one.
        stored: (T + 1, B, …) each, the states of all.
        begins: (T + 1, B) bool, a row's first valid step.
        noise: None where a noisy network shall be still.
    """
    state = tf.nest.map_structure(lambda leaf: leaf[0], stored)
    steps = _steps(torso, inputs, noise) if begins.shape[0] > 1 else []
    for time, given in enumerate(steps, start=1):
        _, after = torso.remember(given, noise, state) if _apart(torso) else apply(torso, given, noise, state)
        state = tf.nest.map_structure(
            lambda leaf, new, first=begins[time], time=time: tf.where(_like(first, new), leaf[time], new), stored, after
        )
    return state


def _steps(torso: Any, inputs: Nest, noise: Noise | None) -> list[Nest]:
    """For each step what the network takes of it."""
    count = tf.nest.flatten(inputs)[0].shape[0]
    if not _apart(torso):
        return [tf.nest.map_structure(lambda column, time=time: column[time], inputs) for time in range(count)]
    flat = tf.nest.map_structure(lambda column: tf.reshape(column, (-1, *column.shape[2:])), inputs)
    read = torso.read(flat, noise)
    columns = [tf.split(leaf, count, axis=0) for leaf in tf.nest.flatten(read)]
    return [tf.nest.pack_sequence_as(read, leaves) for leaves in zip(*columns, strict=True)]


def _apart(torso: Any) -> bool:
    """Whether it reads without its state."""
    return hasattr(torso, "read") and hasattr(torso, "remember")


def _like(rows: Tensor, column: Tensor) -> Tensor:
    """(B,) to (B, 1, …)."""
    return tf.reshape(rows, (-1, *[1] * (len(column.shape) - 1)))
