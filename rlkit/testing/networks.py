"""The suite of networks."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.network import Network
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.maths.apply import apply
from rlkit.noise.traced import TracedNoise
from rlkit.programs.examples import example_array
from rlkit.programs.functions import with_noise
from rlkit.programs.program import GraphFunction, Outputs, Program
from rlkit.testing.graph_suite import GraphSuite, program_of
from rlkit.testing.verdict import shown

_ROWS, _UNITS = 5, 3


class NetworkSuite(GraphSuite):
    """`component = MLP(hidden=(64,))`."""

    contract = Network
    observations: tuple[Array, ...] = (
        Array((4,), "float32"),
        Array((6,), "uint8", 0, 255),
        Array((10, 10, 4), "uint8", 0, 255),
        Array((10, 10, 4), "float32", 0.0, 1.0),
    )
    """Those that the component's `check` accepts are tried; a network that reads none of them is given its own."""

    def program(self) -> Program:
        """See `GraphSuite`. `learn` takes a small step down the gradient of the outputs' mean square."""
        space = self._readable()[0]
        part = SimpleNamespace(network=self._build(space, _UNITS))
        functions = (self._forward(part, space, _ROWS), self._learn(part, space, []))
        return program_of(part, functions, {"observation": lambda spec, rng: _observation(space, spec, rng)})

    def test_it_gives_a_row_of_numbers_for_each_observation(self) -> None:
        """(B, units) float32, finite, for one row and several, for each kind of observation that it reads."""
        for space in self._readable():
            for rows, units in ((1, 1), (_ROWS, _UNITS), (32, 7)):
                part = SimpleNamespace(network=self._build(space, units))
                forward = self.called(self._forward(part, space, rows), part)
                spec = tf.TensorSpec((rows, *space.shape), space.dtype)
                outputs = forward(observation=_observation(space, spec, np.random.default_rng(0)))["outputs"]
                what = f"outputs (from {rows} observations, each a {space})"
                self.demand_array(outputs, "float32", (rows, units), what, "build")

    def test_without_units_it_gives_features(self) -> None:
        """(B, any number) float32, finite: what an agent's parts build last layers on."""
        for space in self._readable():
            part = SimpleNamespace(network=self._build(space, None))
            forward = self.called(self._forward(part, space, _ROWS), part)
            spec = tf.TensorSpec((_ROWS, *space.shape), space.dtype)
            features = forward(observation=_observation(space, spec, np.random.default_rng(0)))["outputs"]
            self.demand(features.ndim == 2, "a row of features for each observation", shown(features), "build")
            self.demand_array(features, "float32", features.shape, f"features (of a {space})", "build")

    def test_a_state_has_the_structure_that_it_began_with(self) -> None:
        """For networks whose `call` takes `state`: (rows, …) each, and another one after every step."""
        for space in self._readable():
            network = self._build(space, _UNITS)
            if "state" not in inspect.signature(network.call).parameters:
                return
            state = network.initial_state(_ROWS)
            observation = _observation(space, _spec(space, _ROWS), np.random.default_rng(0))
            _, after = apply(network, tf.constant(observation), TracedNoise(), state)
            before, found = (tf.nest.map_structure(shown, nest) for nest in (state, after))
            self.demand(before == found, f"a state as initial_state has it, {before}", str(found), "build")

    def test_its_variables_are_created_by_build(self) -> None:
        """Not at the first call, when nobody would give them initial weights."""
        for space in self._readable():
            network = self._build(space, _UNITS)
            before = len(network.variables)
            part = SimpleNamespace(network=network)
            self.called(self._forward(part, space, _ROWS), part)
            after = len(network.variables)
            self.demand(before == after, "all variables created by build", f"{before} then and {after} after a call")

    def test_the_gradient_reaches_every_trainable_variable(self) -> None:
        """From the outputs back."""
        for space in self._readable():
            missed: list[str] = []
            self._learn(SimpleNamespace(network=self._build(space, _UNITS)), space, missed)
            asks = "a gradient for every trainable variable"
            self.demand(not missed, asks, f"none for {', '.join(sorted(set(missed)))} (observation: {space})")

    def _readable(self) -> list[Array]:
        found = [space for space in self.observations if self.accepts(Spaces(space, Discrete(_UNITS)))]
        asks = "a network that reads one of the suite's `observations`"
        text = "that its check refuses all of them (give the test the `observations` that it reads)"
        self.demand(found, asks, text)
        return found

    def _build(self, space: Array, units: int | None) -> Any:
        return self.component.build(tf.TensorSpec(space.shape, space.dtype), units)

    def _forward(self, part: SimpleNamespace, space: Array, rows: int) -> GraphFunction:
        def forward(noise: TracedNoise, observation: Tensor) -> Outputs:
            return {"outputs": _outputs(part.network, observation, noise, rows)}

        return with_noise("forward", forward, (_spec(space, rows),))

    def _learn(self, part: SimpleNamespace, space: Array, missed: list[str]) -> GraphFunction:
        def learn(noise: TracedNoise, observation: Tensor) -> Outputs:
            weights = part.network.trainable_variables
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(_outputs(part.network, observation, noise, _ROWS)))
            for weight, gradient in zip(weights, tape.gradient(loss, weights), strict=True):
                if gradient is None:
                    missed.append(weight.path)
                else:
                    weight.assign(weight - 0.01 * gradient)
            return {"loss": loss}

        return with_noise("learn", learn, (_spec(space, _ROWS),))


def _spec(space: Array, rows: int) -> TensorSpec:
    return tf.TensorSpec((rows, *space.shape), space.dtype, name="observation")


def _observation(space: Array, spec: TensorSpec, rng: np.random.Generator) -> npt.NDArray[Any]:
    return example_array(space, tuple(spec.shape), rng)


def _outputs(network: Any, observation: Tensor, noise: Any, rows: int) -> Tensor:
    state = network.initial_state(rows) if "state" in inspect.signature(network.call).parameters else ()
    return apply(network, observation, noise, state)[0]
