"""A network within a network. Imported by `build`: the class inherits from Keras."""

from __future__ import annotations

import inspect
from typing import Any

import keras

from rlkit import Tensor


class Encoder(keras.layers.Layer):  # type: ignore[misc]
    """A network of one part of an observation, under a name of its own."""

    def __init__(self, network: Any, key: str, name: str) -> None:
        """`key` is the part's. Raises ValueError for a network that takes more than the part."""
        super().__init__(name=name)
        takes = {"noise", "state"} & inspect.signature(network.call).parameters.keys()
        if takes:
            raise ValueError(f"the encoder of observation[{key!r}] takes {' and '.join(sorted(takes))}; multi has none")
        self.network = network

    def call(self, piece: Tensor) -> Tensor:
        """(B, *part) to (B, any number)."""
        return self.network(piece)
