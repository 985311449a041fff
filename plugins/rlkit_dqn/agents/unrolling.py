"""A network that remembers, step after step of a sequence."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Nest, Noise, Tensor, apply
from rlkit_dqn.agents.looping import looped, looped_back

MOST_WRITTEN_OUT = 16
"""Steps that are written out one after the other; more of them make a loop. Written out they take half the time in
LiteRT, and the same in XLA, whose compiler takes half a second for each; a loop's compilation takes four in all."""


def unrolled(torso: Any, inputs: Nest, state: Nest, noise: Noise | None) -> tuple[Tensor, Nest]:
    """Features of all steps, (T, B, features), and the state after the last.

    What needs no state is worked out for all steps at once, where the network can (see `Network.build`).

    Args:
        torso: what `Network.build` returned.
        inputs: (T, B, …) each.
        state: before the first.
        noise: None where a noisy network shall be still.
    """

    def step(given: Nest, state: Nest) -> tuple[Tensor, Nest]:
        return _step(torso, given, state, noise)

    given = _read(torso, inputs, noise)
    count = tf.nest.flatten(given)[0].shape[0]
    if _apart(torso) and count > MOST_WRITTEN_OUT:
        return looped_back(step, given, state, count)
    features = []
    for time in _times(given, count):
        out, state = step(time, state)
        features.append(out)
    return tf.stack(features), state


def burned_in(torso: Any, inputs: Nest, stored: Nest, begins: Tensor, noise: Noise | None) -> Nest:
    """The state before the last step of `stored`, from the one that is stored with each row's first valid step.

    Args:
        torso: what `Network.build` returned.
        inputs: (T, B, …) each, of the steps before that one.
        stored: (T + 1, B, …) each, the states of all.
        begins: (T + 1, B) bool, a row's first valid step.
        noise: None where a noisy network shall be still.
    """
    count = begins.shape[0] - 1
    state = tf.nest.map_structure(lambda leaf: leaf[0], stored)
    if not count:
        return state

    def step(time: Nest, state: Nest) -> tuple[Tensor, Nest]:
        given, kept, first = time
        out, after = _step(torso, given, state, noise)
        return out, tf.nest.map_structure(lambda leaf, new: tf.where(_like(first, new), leaf, new), kept, after)

    times = _read(torso, inputs, noise), tf.nest.map_structure(lambda leaf: leaf[1:], stored), begins[1:]
    if _apart(torso) and count > MOST_WRITTEN_OUT:
        return looped(step, times, state, count)[2]
    for time in _times(times, count):
        _, state = step(time, state)
    return state


def _step(torso: Any, given: Nest, state: Nest, noise: Noise | None) -> tuple[Tensor, Nest]:
    """From what `_read` gave for a step."""
    return torso.remember(given, noise, state) if _apart(torso) else apply(torso, given, noise, state)


def _read(torso: Any, inputs: Nest, noise: Noise | None) -> Nest:
    """(T, B, …) each: what a step takes of its inputs."""
    if not _apart(torso):
        return inputs
    count, rows = tf.nest.flatten(inputs)[0].shape[:2]
    flat = tf.nest.map_structure(lambda column: tf.reshape(column, (-1, *column.shape[2:])), inputs)
    return tf.nest.map_structure(
        lambda column: tf.reshape(column, (count, rows, *column.shape[1:])), torso.read(flat, noise)
    )


def _times(given: Nest, count: int) -> list[Nest]:
    """Step by step."""
    columns = [tf.unstack(leaf, count) for leaf in tf.nest.flatten(given)]
    return [tf.nest.pack_sequence_as(given, leaves) for leaves in zip(*columns, strict=True)]


def _apart(torso: Any) -> bool:
    """Whether it reads without its state, and needs no noise for the rest."""
    return hasattr(torso, "read") and hasattr(torso, "remember")


def _like(rows: Tensor, column: Tensor) -> Tensor:
    """(B,) to (B, 1, …)."""
    return tf.reshape(rows, (-1, *[1] * (len(column.shape) - 1)))
