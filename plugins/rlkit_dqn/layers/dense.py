"""Plain dense layers."""

from __future__ import annotations

from typing import Any

from rlkit import component

LAYER = "what each dense layer is"


@component
class DenseLayer:
    """x·W + b.

    Keras's default initialisers: Glorot uniform kernels (Glorot and Bengio, 2010), zero biases.
    """

    def build(self, inputs: int, units: int, name: str) -> Any:
        """See `Layer.build`."""
        from rlkit_dqn.networks.dense import Dense

        layer = Dense(units, name=name)
        layer.build((None, inputs))
        return layer
