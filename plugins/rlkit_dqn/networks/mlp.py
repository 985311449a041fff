"""A multilayer perceptron."""

from __future__ import annotations

from typing import Any, Literal

import keras

from rlkit import Spaces, Tensor, TensorSpec, component, parameter
from rlkit_dqn.networks.dueling import DUELING, outputs

Activation = Literal["relu", "tanh", "sigmoid", "silu", "softplus", "linear", "elu", "gelu", "leaky_relu"]


@component
class MLP:
    """Dense layers, each with a bias: hidden ones with an activation, a linear one at the end.

    Keras's default initialisers: Glorot uniform kernels (Glorot and Bengio, 2010), zero biases.
    """

    hidden: tuple[int, ...] = parameter(
        default=(64,),
        doc="units of each hidden layer, first to last; none for a linear function",
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
    dueling: bool = parameter(default=False, doc=DUELING)

    def check(self, spaces: Spaces) -> None:
        """Raise ValueError for observations that are not vectors."""
        if len(spaces.observation.shape) != 1:
            raise ValueError(
                f"network mlp reads vectors, and the observation is a {spaces.observation}; "
                "choose a network that reads such arrays, or an environment that flattens them"
            )

    def build(self, observation: TensorSpec, units: int) -> Any:
        """See `Network.build`. Observations of any numeric dtype; they are cast to float32."""
        inputs = keras.Input(observation.shape, dtype=observation.dtype.name)
        x = keras.ops.cast(inputs, "float32")
        return keras.Model(inputs, outputs(x, self.hidden, units, dueling=self.dueling, layer=self._layer), name="mlp")

    def _layer(self, x: Tensor, units: int, name: str) -> Tensor:
        from rlkit import relu
        from rlkit_dqn.networks.dense import Dense

        activation = relu if self.activation == "relu" else getattr(keras.activations, self.activation)
        x = Dense(units, name=f"hidden_{name}")(x)
        if self.layer_norm:
            x = keras.layers.LayerNormalization(name=f"norm_{name}")(x)
        return keras.layers.Activation(activation, name=f"activation_{name}")(x)
