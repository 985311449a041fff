"""A network as graph functions: outputs, and a step down a gradient."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.spaces import Array
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.maths.apply import apply
from rlkit.noise.traced import TracedNoise
from rlkit.programs.functions import with_noise
from rlkit.programs.program import GraphFunction, Outputs

STATE = "state_"
"""Before the number of a leaf of the state, where it is an input or output."""


def start_of(network: Any, rows: int) -> dict[str, npt.NDArray[Any]]:
    """The leaves of the state at an episode's start, by name; none for a network without."""
    leaves = tf.nest.flatten(_initial(network, rows))
    return {f"{STATE}{place:03d}": np.asarray(leaf) for place, leaf in enumerate(leaves)}


def forward_function(part: SimpleNamespace, space: Array, rows: int, *, noisy: bool = True) -> GraphFunction:
    """`part.network` on observations and its state: to `outputs` and the leaves of the state after them."""

    def forward(noise: TracedNoise, observation: Tensor, **state: Tensor) -> Outputs:
        before = tf.nest.pack_sequence_as(_initial(part.network, rows), [state[name] for name in sorted(state)])
        outputs, after = apply(part.network, observation, noise if noisy else None, before)
        leaves = enumerate(tf.nest.flatten(after))
        return {"outputs": outputs, **{f"{STATE}{place:03d}": leaf for place, leaf in leaves}}

    start = start_of(part.network, rows)
    specs = tuple(tf.TensorSpec(leaf.shape, leaf.dtype, name=name) for name, leaf in start.items())
    return with_noise("forward", forward, (_observation(space, rows), *specs))


def descend_function(part: SimpleNamespace, space: Array, rows: int, missed: list[str]) -> GraphFunction:
    """A small step down the gradient of the outputs' mean square; `missed` gets the variables without gradient."""

    def learn(noise: TracedNoise, observation: Tensor) -> Outputs:
        weights = part.network.trainable_variables
        with tf.GradientTape() as tape:
            outputs, _ = apply(part.network, observation, noise, _initial(part.network, rows))
            loss = tf.reduce_mean(tf.square(outputs))
        for weight, gradient in zip(weights, tape.gradient(loss, weights), strict=True):
            if gradient is None:
                missed.append(weight.path)
            else:
                weight.assign(weight - 0.01 * gradient)
        return {"loss": loss}

    return with_noise("learn", learn, (_observation(space, rows),))


def _initial(network: Any, rows: int) -> Any:
    return network.initial_state(rows) if "state" in inspect.signature(network.call).parameters else ()


def _observation(space: Array, rows: int) -> TensorSpec:
    return tf.TensorSpec((rows, *space.shape), space.dtype, name="observation")
