"""The dense end of a network: hidden layers, then the outputs, from one stream or from two that duel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras

from rlkit import Tensor

DUELING = "value and advantage streams, Q = V + A − mean A (Wang et al., 2016); each has a last hidden layer of its own"

HiddenLayer = Callable[[Tensor, int, str], Tensor]
"""From (B, …) and a number of units to (B, units), the layer named by a suffix: `1`, `2_value`."""


def hidden_relu(x: Tensor, units: int, name: str) -> Tensor:
    """A dense layer with ReLU."""
    from rlkit import relu
    from rlkit_dqn.networks.dense import Dense

    return keras.layers.Activation(relu, name=f"activation_{name}")(Dense(units, name=f"hidden_{name}")(x))


def outputs(x: Tensor, hidden: Sequence[int], units: int, *, dueling: bool, layer: HiddenLayer = hidden_relu) -> Tensor:
    """Symbolic Keras tensors: from (B, features) to (B, units), one unit an action where streams duel.

    The streams part before the last hidden layer, as in Wang et al. (2016), "Dueling network architectures for deep
    reinforcement learning", equation 9: convolutions are shared, and each stream has 512 hidden units of its own.
    Their rescaling of the gradient by 1/√2 where the streams meet is left out.
    """
    from rlkit_dqn.networks.dense import Dense

    if not dueling:
        return Dense(units, name="output")(_stack(x, hidden, layer))
    x = _stack(x, hidden[:-1], layer)
    value, advantage = (
        Dense(size, name=stream)(_stack(x, hidden[-1:], layer, len(hidden), f"_{stream}"))
        for stream, size in (("value", 1), ("advantage", units))
    )
    return value + advantage - keras.ops.mean(advantage, axis=-1, keepdims=True)


def _stack(x: Any, hidden: Sequence[int], layer: HiddenLayer, first: int = 1, suffix: str = "") -> Tensor:
    for number, size in enumerate(hidden, start=first):
        x = layer(x, size, f"{number}{suffix}")
    return x
