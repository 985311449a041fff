"""A network's steps as a loop in the graph: as quick to compile for a thousand of them as for ten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from rlkit import Nest, Tensor

Step = Callable[[Nest, Nest], tuple[Tensor, Nest]]
"""From what a step is given, and the state before, to features and the state after."""


def looped(step: Step, given: Nest, state: Nest, count: int) -> tuple[Tensor, Nest, Nest]:
    """Features of all steps and the states before each, (T, B, …), and the state after the last; without a gradient.

    Args:
        step: its features and its state are float32.
        given: (T, B, …) each, what `step` is given.
        state: before the first.
        count: T.
    """
    rows = tf.nest.map_structure(lambda leaf: leaf[0], given)
    wide = tf.function(step, autograph=False).get_concrete_function(rows, state).structured_outputs[0].shape

    def turn(time: Tensor, features: Any, before: Any, *leaves: Tensor) -> tuple[Any, ...]:
        out, after = step(_at(given, time), tf.nest.pack_sequence_as(state, leaves))
        before = [array.write(time, leaf) for array, leaf in zip(before, leaves, strict=True)]
        return time + 1, features.write(time, out), before, *tf.nest.flatten(after)

    flat = tf.nest.flatten(state)
    start = (tf.constant(0), _array(count, wide), [_array(count, leaf.shape) for leaf in flat], *flat)
    _, features, before, *leaves = tf.while_loop(lambda time, *_: time < count, turn, start, maximum_iterations=count)
    befores = [array.stack() for array in before]
    return features.stack(), tf.nest.pack_sequence_as(state, befores), tf.nest.pack_sequence_as(state, leaves)


def looped_back(step: Step, given: Nest, state: Nest, count: int) -> tuple[Tensor, Nest]:
    """Features of all steps and the state after the last, as `looped` has them, with a gradient.

    Backpropagation through time (Werbos, 1990) as a second loop: the states are kept, and each step is worked out once
    more on the way back. TensorFlow's own gradient of a loop keeps lists of unknown length, which neither XLA nor
    LiteRT can have.
    """
    parts = len(tf.nest.flatten(given))

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def loop(*flat: Tensor) -> tuple[Any, Any]:
        given_now = tf.nest.pack_sequence_as(given, flat[:parts])
        features, before, after = looped(step, given_now, tf.nest.pack_sequence_as(state, flat[parts:]), count)

        def gradient(*upstream: Tensor, variables: Any = ()) -> tuple[list[Tensor], list[Tensor]]:
            variables = list(variables)

            def turn(turned: Tensor, of_given: Any, of_state: Any, of_weights: Any) -> tuple[Any, ...]:
                time = count - 1 - turned
                sources = [*tf.nest.flatten(_at(given_now, time)), *tf.nest.flatten(_at(before, time))]
                with tf.GradientTape() as tape:
                    tape.watch(sources)
                    out, new = step(
                        tf.nest.pack_sequence_as(given, sources[:parts]),
                        tf.nest.pack_sequence_as(state, sources[parts:]),
                    )
                    found = [out, *map(tf.identity, tf.nest.flatten(new))]
                weighed = [tf.gather(upstream[0], time), *of_state]
                of = tape.gradient(found, [*sources, *variables], weighed, unconnected_gradients="zero")
                of_given = [array.write(time, leaf) for array, leaf in zip(of_given, of[:parts], strict=True)]
                of_weights = [a + b for a, b in zip(of_weights, of[len(sources) :], strict=True)]
                return turned + 1, of_given, of[parts : len(sources)], of_weights

            start = (
                tf.constant(0),
                [_array(count, leaf.shape[1:]) for leaf in flat[:parts]],
                list(upstream[1:]),
                [tf.zeros(variable.shape) for variable in variables],
            )
            ended = tf.while_loop(lambda turned, *_: turned < count, turn, start, maximum_iterations=count)
            _, of_given, of_state, of_weights = ended
            return [*(array.stack() for array in of_given), *of_state], of_weights

        return (features, *tf.nest.flatten(after)), gradient

    features, *after = loop(*tf.nest.flatten(given), *tf.nest.flatten(state))
    return features, tf.nest.pack_sequence_as(state, after)


def _array(count: int, shape: Any) -> Any:
    return tf.TensorArray(tf.float32, count, element_shape=shape, clear_after_read=False)


def _at(nest: Nest, time: Tensor) -> Nest:
    return tf.nest.map_structure(lambda column: tf.gather(column, time), nest)
