"""The layer: what a network's or a head's dense layers are."""

from __future__ import annotations

from typing import Any, Protocol

import keras

from rlkit import returns


def _build(inputs: int, units: int, name: str) -> Any:
    return keras.Layer


@returns(build=_build)
class Layer(Protocol):
    """A linear layer with a bias, as parameters: plain, noisy, normalised. Networks and heads put activations between.

    A class attribute `explores = True` says that its noise tries actions, so that an agent can tell where something
    else does so, too.
    """

    def build(self, inputs: int, units: int, name: str) -> Any:
        """A Keras layer from (B, inputs) to (B, units) float32, its variables created, not yet called; once a place.

        Its `call` may take `noise`: a `Noise` while exploring and learning, None where it shall be still, as it is
        when the network is put together. It may have a method `learned()` (graph code), which is called after each
        learning step on the layers of the online network: assign there what follows from the new weights. `call`
        itself assigns nothing, since it acts, too.
        """
