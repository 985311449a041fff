"""A network within a network. Imported by `build`: the classes inherit from Keras."""

from __future__ import annotations

import inspect
from typing import Any

import keras

from rlkit import Noise, Tensor
from rlkit_dqn.layers.placing import given_noise, takes_noise


class Encoder(keras.layers.Layer):  # type: ignore[misc]
    """A network of one part of an observation, under a name of its own."""

    def __init__(self, network: Any, name: str) -> None:
        super().__init__(name=name)
        self.network = network

    def call(self, piece: Tensor) -> Tensor:
        """(B, *part) to (B, any number)."""
        return self.network(piece)


class NoisyEncoder(Encoder):
    """One whose network takes noise."""

    def call(self, piece: Tensor, noise: Noise | None = None) -> Tensor:
        """(B, *part) to (B, any number)."""
        return self.network(piece, noise=noise)


def encoded(piece: Tensor, network: Any, key: str, name: str) -> Tensor:
    """Symbolic Keras tensors: (B, *part) to (B, any number).

    Raises:
        ValueError: the network of the part `key` carries a state.
    """
    if "state" in inspect.signature(network.call).parameters:
        raise ValueError(f"the encoder of observation[{key!r}] carries a state; multi has none")
    kind = NoisyEncoder if takes_noise(network) else Encoder
    return given_noise(kind(network, name))(piece)
