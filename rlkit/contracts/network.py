"""The network: from inputs to features, or to a row of numbers."""

from __future__ import annotations

from typing import Any, Protocol

from rlkit.contracts.tensor import Nest


class Network(Protocol):
    """An architecture, as parameters.

    An optional `check(spaces)` raises ValueError before anything is built, if the network cannot read the
    observation. Nothing in it may import TensorFlow. One that hands the networks in it something else than the
    observation has `checks_parts = True` and asks their `check` itself.
    """

    def build(self, inputs: Nest, units: int | None = None) -> Any:
        """A Keras layer or model, its variables created.

        Args:
            inputs: a `tf.TensorSpec` of one input, the batch left out, made by `rlkit.observation_spec`, so that it has
                the observation's `parts`; a nest of specs for an agent whose network reads several (an image and an
                action).
            units: of a linear last layer; None for the features, (B, any number), on which the agent's parts build
                last layers of their own.

        Returns:
            From (B, …) inputs to (B, units) float32. What its `call` takes it is given by `rlkit.apply`: `noise`, a
            `Noise` while training and None where there shall be none; `state`, what it carries from step to step:
            then it returns a pair, outputs and state, and has `initial_state(rows)`.

        Inputs come in the environment's own dtype: a network casts, and scales what needs scaling. Use `rlkit.relu`
        for ReLU: Keras's own keeps a network from the fast backend.
        """
