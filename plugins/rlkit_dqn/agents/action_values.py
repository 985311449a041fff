"""A network and a head's layers on its features: from observations to what the head reads action values of."""

from __future__ import annotations

import inspect
from typing import Any

import tensorflow as tf

from rlkit import (
    Nest,
    Network,
    Noise,
    ParameterError,
    Spaces,
    Tensor,
    TensorSpec,
    Variable,
    apply,
    name_of,
    observation_spec,
    output_spec,
)
from rlkit_dqn.agents.fitting import single_steps
from rlkit_dqn.contracts.head import Head


class ActionValues:
    """One network at work, with variables of its own."""

    def __init__(self, network: Network, head: Head, spaces: Spaces, actions: int, inputs: Nest = None) -> None:
        """`inputs` are the network's, the observation by default."""
        inputs = observation_spec(spaces.observation) if inputs is None else inputs
        self.network = network
        self.torso = network.build(inputs)
        features = output_spec(self.torso, inputs)
        self.last = head.build(features, actions)
        self._check_values(head, features, actions)

    def _check_values(self, head: Head, features: TensorSpec, actions: int) -> None:
        """Raise ParameterError for a head with more or fewer values than actions, which would broadcast."""

        @tf.function(autograph=False)  # type: ignore[untyped-decorator]
        def values(features: Tensor) -> Tensor:
            return head.values(self.out(features))

        found = values.get_concrete_function(tf.TensorSpec((1, *features.shape), features.dtype)).structured_outputs
        if found.shape[-1] != actions:
            raise ParameterError(
                "head",
                f"{name_of(head)} values {found.shape[-1]} actions where there are {actions}; its method values must "
                f"return float32 (B, {actions})",
            )

    def __call__(self, observation: Tensor, noise: Noise | None = None) -> Nest:
        """(B, *o) to what the head's layers give; None for a noisy network that shall be still."""
        features, _ = apply(self.torso, observation, noise)
        return self.out(features, noise)

    def out(self, features: Tensor, noise: Noise | None = None) -> Nest:
        """What the head's layers give for the network's features."""
        return apply(self.last, features, noise)[0]

    def check_stateless(self, agent: str) -> None:
        """Raise ValueError for a network or head that carries a state from step to step; `agent` is a name."""
        for part in self.parts:
            if "state" in inspect.signature(part.call).parameters:
                raise ValueError(single_steps(agent, self.network))

    def learned(self) -> None:
        """Told after each learning step: layers assign what follows from their new weights (see `Layer.build`)."""
        for part in self.parts:
            for layer in part._flatten_layers():
                if hasattr(layer, "learned"):
                    layer.learned()

    @property
    def parts(self) -> tuple[Any, Any]:
        """Keras layers."""
        return self.torso, self.last

    @property
    def weights(self) -> list[Variable]:
        """All of them, the network's first."""
        return [weight for part in self.parts for weight in part.weights]

    @property
    def trainable_variables(self) -> list[Variable]:
        """Those that gradients change, the network's first."""
        return [weight for part in self.parts for weight in part.trainable_variables]
