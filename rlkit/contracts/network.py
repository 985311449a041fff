"""The network: from an observation to a row of numbers."""

from __future__ import annotations

from typing import Any, Protocol

from rlkit.contracts.tensor import TensorSpec


class Network(Protocol):
    """An architecture, as parameters.

    An optional `check(spaces)` raises ValueError before anything is built, if the network cannot read the
    observation. Nothing in it may import TensorFlow.
    """

    def build(self, observation: TensorSpec, units: int) -> Any:
        """A Keras layer or model, from (B, *observation.shape) to (B, units), its variables created.

        The observation comes in the environment's own dtype: a network casts, and scales what needs scaling.
        A network that needs noise takes it as `call(x, noise=...)`. Use `rlkit.relu` for ReLU: Keras's own keeps
        a network from the fast backend.
        """
