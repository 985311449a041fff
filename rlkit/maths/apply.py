"""A network's outputs."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from rlkit.contracts.noise import Noise
from rlkit.contracts.tensor import Nest, Tensor, TensorSpec


def apply(network: Any, inputs: Nest, noise: Noise | None = None, state: Nest = ()) -> tuple[Tensor, Nest]:
    """The outputs of what `Network.build` returned, and its state after them.

    Args:
        network: its `call` is given `noise` and `state` if it takes parameters of these names.
        inputs: (B, …) each.
        noise: None where a noisy network shall be still.
        state: what it carries from step to step; a network without state hands it back.
    """
    takes = inspect.signature(network.call).parameters
    given: dict[str, Any] = {"noise": noise} if "noise" in takes else {}
    if "state" in takes:
        outputs, after = network(inputs, state=state, **given)
        return outputs, after
    return network(inputs, **given), state


def output_spec(network: Any, inputs: Nest) -> TensorSpec:
    """What a network makes of one input, the batch left out: a `tf.TensorSpec`.

    Args:
        network: what `Network.build` returned for these inputs.
        inputs: a nest of `tf.TensorSpec`s, the batch left out.
    """

    def outputs(given: Nest) -> Tensor:
        state = network.initial_state(1) if "state" in inspect.signature(network.call).parameters else ()
        return apply(network, given, _Zeros(), state)[0]

    batches = tf.nest.map_structure(lambda spec: tf.TensorSpec((1, *spec.shape), spec.dtype), inputs)
    found = tf.function(outputs, autograph=False).get_concrete_function(batches).structured_outputs
    return tf.TensorSpec(found.shape[1:], found.dtype)


class _Zeros:
    """Noise that is none, where shapes alone are asked for."""

    def uniform(self, shape: Sequence[int]) -> Tensor:
        return _zeros(shape)

    def normal(self, shape: Sequence[int]) -> Tensor:
        return _zeros(shape)

    def gumbel(self, shape: Sequence[int]) -> Tensor:
        return _zeros(shape)

    def integers(self, shape: Sequence[int], bound: Tensor | int) -> Tensor:
        return _zeros(shape, "int64")


def _zeros(shape: Sequence[int], dtype: str = "float32") -> Tensor:
    return tf.zeros(shape, dtype)
