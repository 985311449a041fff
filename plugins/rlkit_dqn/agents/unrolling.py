"""A network that remembers, step after step of a sequence."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Nest, Noise, Tensor, apply
from rlkit_dqn.agents.looping import Step, looped, looped_back

MOST_WRITTEN_OUT = 16
"""Steps that are written out one after the other; more make a loop, whose compilation does not grow with them."""
CHUNK = 8
"""The most steps, of those that divide them, that are written out in a turn of a loop: LiteRT copies at each turn what
the loop carries."""


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
    count, chunk = _chunked(given, torso)
    if count == chunk:
        return _written_out(step, given, state)
    features, state = looped_back(
        lambda chunks, now: _written_out(step, chunks, now), _chunks(given, chunk), state, count // chunk
    )
    return tf.reshape(features, (count, *features.shape[2:])), state


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
    if begins.shape[0] == 1:
        return state

    def step(time: Nest, state: Nest) -> tuple[Tensor, Nest]:
        given, kept, first = time
        out, after = _step(torso, given, state, noise)
        return out, tf.nest.map_structure(lambda leaf, new: tf.where(_like(first, new), leaf, new), kept, after)

    times = _read(torso, inputs, noise), tf.nest.map_structure(lambda leaf: leaf[1:], stored), begins[1:]
    count, chunk = _chunked(times, torso)
    if count == chunk:
        return _written_out(step, times, state)[1]
    return looped(lambda chunks, now: _written_out(step, chunks, now), _chunks(times, chunk), state, count // chunk)[2]


def _written_out(step: Step, given: Nest, state: Nest) -> tuple[Tensor, Nest]:
    """Features of all steps, (T, B, features), and the state after the last."""
    leaves, features = tf.nest.flatten(given), []
    for now in zip(*(tf.unstack(leaf, leaves[0].shape[0]) for leaf in leaves), strict=True):
        out, state = step(tf.nest.pack_sequence_as(given, now), state)
        features.append(out)
    return tf.stack(features), state


def _chunked(given: Nest, torso: Any) -> tuple[int, int]:
    """T, and how many steps are written out in each turn of a loop: all of them where there is none."""
    count = tf.nest.flatten(given)[0].shape[0]
    if count <= MOST_WRITTEN_OUT or not _apart(torso):
        return count, count
    return count, max(chunk for chunk in range(1, CHUNK + 1) if count % chunk == 0)


def _chunks(given: Nest, chunk: int) -> Nest:
    """(T, B, …) each to (T / chunk, chunk, B, …)."""
    return tf.nest.map_structure(lambda leaf: tf.reshape(leaf, (-1, chunk, *leaf.shape[1:])), given)


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


def _apart(torso: Any) -> bool:
    """Whether it reads without its state, and needs no noise for the rest."""
    return hasattr(torso, "read") and hasattr(torso, "remember")


def _like(rows: Tensor, column: Tensor) -> Tensor:
    """(B,) to (B, 1, …)."""
    return tf.reshape(rows, (-1, *[1] * (len(column.shape) - 1)))
