"""A multilayer perceptron."""

from __future__ import annotations

from typing import Any, Literal

import keras

from rlkit import Nest, Spaces, component, parameter
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.layers.dense import LAYER, DenseLayer

Activation = Literal["relu", "tanh", "sigmoid", "silu", "softplus", "linear", "elu", "gelu", "leaky_relu"]


@component
class MLP:
    """Dense layers, each with a bias and an activation; a linear one at the end where outputs are asked for.

    Keras's default initialisers: Glorot uniform kernels (Glorot and Bengio, 2010), zero biases.
    """

    hidden: tuple[int, ...] = parameter(
        default=(64,),
        doc="units of each hidden layer, first to last; none hands the observation itself on",
        at_least=1,
        source="reference notebook",
    )
    activation: Activation = parameter(
        default="relu",
        doc="between layers; elu, gelu and leaky_relu learn on the slower backend, their gradients do not convert",
        source="reference notebook",
    )
    layer_norm: bool = parameter(
        default=False, doc="layer normalisation before each activation (Ba, Kiros and Hinton, 2016)"
    )
    layer: Layer = parameter(default=DenseLayer(), doc=LAYER)

    def check(self, spaces: Spaces) -> None:
        """Raise ValueError for observations that are not vectors."""
        if len(spaces.observation.shape) != 1:
            such = (
                "pictures, such as conv, or minatar for small ones"
                if len(spaces.observation.shape) == 3
                else "such arrays"
            )
            raise ValueError(
                f"network mlp reads vectors, and the observation is a {spaces.observation}; "
                f"choose a network that reads {such}, or flatten them, in environment gymnasium with "
                "wrappers: [flatten]"
            )

    def build(self, inputs: Nest, units: int | None = None) -> Any:
        """See `Network.build`. Observations of any numeric dtype; they are cast to float32."""
        from rlkit import relu
        from rlkit_dqn.layers.placing import through
        from rlkit_dqn.networks.dense import network_of

        activation = relu if self.activation == "relu" else getattr(keras.activations, self.activation)
        observation = keras.Input(inputs.shape, dtype=inputs.dtype.name)
        x = keras.ops.cast(observation, "float32")
        for number, size in enumerate(self.hidden, start=1):
            x = through(self.layer, x, size, f"hidden_{number}")
            if self.layer_norm:
                x = keras.layers.LayerNormalization(name=f"norm_{number}")(x)
            x = keras.layers.Activation(activation, name=f"activation_{number}")(x)
        return network_of(observation, x, units, self.layer, "mlp")
