"""A network's last layers, from one stream or from two that duel."""

from __future__ import annotations

from collections.abc import Sequence

import keras

from rlkit import Tensor
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.layers.dense import DenseLayer

_PLAIN = DenseLayer()
DUELING = "value and advantage streams, Q = V + A − mean A (Wang et al., 2016), each with hidden layers of its own"


def last_layers(x: Tensor, hidden: Sequence[int], units: int, *, dueling: bool, layer: Layer = _PLAIN) -> Tensor:
    """Symbolic Keras tensors: from (B, features) to (B, units), one unit an action where streams duel.

    Wang et al. (2016), "Dueling network architectures for deep reinforcement learning", equation 9. Their rescaling of
    the gradient by 1/√2 where the streams meet is left out.
    """
    from rlkit_dqn.layers.placing import through
    from rlkit_dqn.networks.dense import hidden_layers

    if not dueling:
        return through(layer, hidden_layers(x, hidden, layer=layer), units, "output")
    value, advantage = (
        through(layer, hidden_layers(x, hidden, f"_{stream}", layer=layer), size, stream)
        for stream, size in (("value", 1), ("advantage", units))
    )
    return value + advantage - keras.ops.mean(advantage, axis=-1, keepdims=True)
