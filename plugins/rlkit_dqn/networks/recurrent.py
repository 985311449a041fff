"""A network that remembers: a recurrent cell on what another network makes of an observation."""

from __future__ import annotations

from typing import Any, Literal

from rlkit import Nest, Network, ParameterError, Spaces, component, parameter
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.layers.dense import LAYER, DenseLayer
from rlkit_dqn.networks.mlp import MLP


@component
class RecurrentNetwork:
    """An encoder, then an LSTM or a GRU, one step a call: for observations that do not tell everything.

    Features are the cell's output h; a linear layer follows if outputs are asked for. The state begins with zeros.
    Only an agent that learns from sequences, such as r2d2, can use it. LSTM of Hochreiter and Schmidhuber (1997) with
    forget gates (Gers et al., 2000), GRU of Cho et al. (2014). Keras's default initialisers: Glorot uniform for what is
    read, orthogonal for what is remembered, zero biases.
    """

    cell: Literal["lstm", "gru"] = parameter(default="lstm", doc="what remembers", source="Kapturowski et al., 2019")
    size: int = parameter(
        default=512, doc="units of the cell, and so features", at_least=1, source="Kapturowski et al., 2019 (R2D2)"
    )
    encoder: Network = parameter(default=MLP(), doc="from an observation to what the cell reads")
    previous: bool = parameter(
        default=True,
        doc="the cell also reads the action (one-hot) and the reward of the step before, of an agent that tells them",
        source="Kapturowski et al., 2019",
    )
    layer: Layer = parameter(default=DenseLayer(), doc=f"{LAYER}, if outputs are asked for; the encoder has its own")

    checks_parts = True
    remembers = True

    @property
    def reads_previous(self) -> bool:
        """See `Network`."""
        return self.previous

    def check(self, spaces: Spaces) -> None:
        """Raise ParameterError for an observation that the encoder cannot read."""
        try:
            if hasattr(self.encoder, "check"):
                self.encoder.check(spaces)
        except ParameterError as error:
            raise ParameterError(f"encoder.{error.parameter}", error.message) from error
        except ValueError as error:
            raise ParameterError("encoder", str(error)) from error

    def build(self, inputs: Nest, units: int | None = None) -> Any:
        """See `Network.build`. Raises ValueError for an encoder that carries a state itself."""
        from rlkit import output_spec
        from rlkit_dqn.networks.cells import CELLS, RecurrentTorso

        observation = inputs["observation"] if isinstance(inputs, dict) else inputs
        encoder = self.encoder.build(observation)
        read = output_spec(encoder, observation).shape[0]
        if isinstance(inputs, dict):
            read += inputs["previous_action"].shape[0] + 1
        return RecurrentTorso(encoder, CELLS[self.cell](self.size), read, self.layer, units)
