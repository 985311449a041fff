"""The network: from inputs to features, or to a row of numbers."""

from __future__ import annotations

from typing import Any, Protocol

from rlkit.contracts.tensor import Nest


class Network(Protocol):
    """An architecture, as parameters.

    An optional `check(spaces)` raises ValueError before anything is built, if the network cannot read the
    observation. Nothing in it may import TensorFlow. One that hands the networks in it something else than the
    observation has `checks_parts = True` and asks their `check` itself.

    One that carries a state from step to step says so by a class attribute, `remembers = True`: agents that cannot use
    it refuse it before anything is built, as do those that need one where it is missing. With an attribute
    `reads_previous` that is True, an agent may hand it what came before, too: its inputs are then a dict of
    `observation`, `previous_action` (for discrete actions one-hot, float32, zeros at an episode's beginning) and
    `previous_reward` (float32, 0 there). It must read the observation alone as well.
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
            then it returns a pair, outputs and state, and has `initial_state(rows)`. It may further have
            `read(inputs, noise)`, which knows no state, and `remember(read, noise, state)`, so that its `call` is the
            second of the first: an agent then reads all steps of a sequence at once. What is read, the state and the
            features are float32 then, and `remember` may be called in a loop, where nobody may ask for noise.

        Inputs come in the environment's own dtype: a network casts, and scales what needs scaling. Use `rlkit.relu`
        for ReLU: Keras's own keeps a network from the fast backend.
        """
