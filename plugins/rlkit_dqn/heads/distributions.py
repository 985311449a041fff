"""The last layers of a distribution an action, and which of them a row's loss is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from rlkit import Tensor, TensorSpec
from rlkit_dqn.contracts.layer import Layer

DUELING = (
    "value and advantage streams of a number an atom each, V + A − mean A over actions (Hessel et al., 2018), "
    "each with hidden layers of its own"
)
HIDDEN = (
    "units of each dense layer with ReLU between the features and the distributions; of each stream where they duel"
)


def distributions_model(
    features: TensorSpec, hidden: Sequence[int], actions: int, atoms: int, *, dueling: bool, layer: Layer, name: str
) -> Any:
    """A Keras model from (B, features) to (B, actions, atoms) float32.

    Dueling streams meet atom by atom, before a softmax if one follows: Hessel et al. (2018), "Rainbow: Combining
    improvements in deep reinforcement learning", section "The integrated agent".
    """
    from rlkit_dqn.layers.placing import model_of, through
    from rlkit_dqn.networks.dense import hidden_layers

    def stream(suffix: str, last: str, rows: int) -> Tensor:
        flat = through(layer, hidden_layers(inputs, hidden, suffix, layer=layer), rows * atoms, last)
        return keras.ops.reshape(flat, (-1, rows, atoms))

    inputs = keras.Input(features.shape, dtype=features.dtype.name)
    if dueling:
        value, advantage = stream("_value", "value", 1), stream("_advantage", "advantage", actions)
        outputs = value + advantage - keras.ops.mean(advantage, axis=1, keepdims=True)
    else:
        outputs = stream("", "output", actions)
    return model_of(inputs, outputs, name)


def taken(out: Tensor, action: Tensor) -> Tensor:
    """(B, n, atoms) to (B, atoms), of the action taken (B,): a product, as gathering has no gradient in LiteRT."""
    return tf.reduce_sum(out * tf.expand_dims(tf.one_hot(action, out.shape[1]), -1), axis=1)


def averaged(out: Tensor, policy: Tensor) -> Tensor:
    """(B, n, atoms) to (B, atoms), over actions by their shares (B, n)."""
    return tf.reduce_sum(out * tf.expand_dims(policy, -1), axis=1)
