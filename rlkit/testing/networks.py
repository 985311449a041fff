"""The suite of networks."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.network import Network
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.maths.observation_spec import observation_spec
from rlkit.programs.examples import example_array
from rlkit.programs.program import Program
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.network_functions import STATE, descend_function, forward_function, start_of
from rlkit.testing.part_program import program_of
from rlkit.testing.verdict import shown

_ROWS, _UNITS = 5, 3
PARTS = Array(
    (10 * 10 * 3 + 2,),
    "float32",
    parts=(("picture", Array((10, 10, 3), "uint8", 0, 255)), ("speed", Array((2,), "float32"))),
)
"""A picture and two numbers."""


class NetworkSuite(GraphSuite):
    """`component = MLP(hidden=(64,))`."""

    contract = Network
    observations: tuple[Array, ...] = (
        Array((4,), "float32"),
        Array((6,), "uint8", 0, 255),
        Array((10, 10, 4), "uint8", 0, 255),
        Array((10, 10, 4), "float32", 0.0, 1.0),
        PARTS,
    )
    """Those that the component's `check` accepts are tried; a network that reads none of them is given its own."""

    def program(self) -> Program:
        """See `GraphSuite`. `learn` takes a small step down the gradient of the outputs' mean square."""
        space = self._readable()[0]
        part = SimpleNamespace(network=self._build(space, _UNITS))
        functions = (forward_function(part, space, _ROWS), descend_function(part, space, _ROWS, []))
        return program_of(part, functions, {"observation": lambda spec, rng: _observations(space, _ROWS, rng)})

    def test_it_gives_a_row_of_numbers_for_each_observation(self) -> None:
        """(B, units) float32, finite, for one row and several, for each kind of observation that it reads.

        Its variables are created by `build`, not at the first call, when nobody would give them initial weights.
        """
        for space in self._readable():
            for rows, units in ((1, 1), (32, 7)):
                network = self._build(space, units)
                before = len(network.variables)
                outputs = self._forward(network, space, rows)["outputs"]
                what = f"outputs (from {rows} observations, each a {space})"
                self.demand_array(outputs, "float32", (rows, units), what, "build")
                after = len(network.variables)
                found = f"{before} then and {after} after a call"
                self.demand(before == after, "all variables created by build", found, "build")

    def test_without_units_it_gives_features(self) -> None:
        """(B, any number) float32, finite: what an agent's parts build last layers on."""
        for space in self._readable():
            features = self._forward(self._build(space, None), space, _ROWS)["outputs"]
            self.demand(features.ndim == 2, "a row of features for each observation", shown(features), "build")
            self.demand_array(features, "float32", (_ROWS, features.shape[1]), f"features (of a {space})", "build")

    def test_it_is_still_without_noise(self) -> None:
        """For networks whose `call` takes `noise`: it is None where there shall be none."""
        space = self._readable()[0]
        network = self._build(space, _UNITS)
        if "noise" not in inspect.signature(network.call).parameters:
            return
        part = SimpleNamespace(network=network)
        with self.asking("outputs without noise where `noise` is None", "call"):
            forward = self.called(forward_function(part, space, _ROWS, noisy=False), part)
        given = {**start_of(network, _ROWS), "observation": _observations(space, _ROWS, np.random.default_rng(0))}
        outputs = forward(**given)["outputs"]
        self.demand_array(outputs, "float32", (_ROWS, _UNITS), "outputs without noise", "call")

    def test_a_state_has_the_structure_that_it_began_with(self) -> None:
        """For networks whose `call` takes `state`: (rows, …) each, finite, and another one after every step."""
        space = self._readable()[0]
        network = self._build(space, _UNITS)
        if "state" not in inspect.signature(network.call).parameters:
            return
        for rows in (1, _ROWS):
            start, part = start_of(network, rows), SimpleNamespace(network=network)
            leading = all(leaf.shape[:1] == (rows,) for leaf in start.values())
            text = ", ".join(shown(leaf) for leaf in start.values())
            self.demand(start and leading, f"a state of ({rows}, …) each", text or "none", "initial_state")
            forward, rng, state = (
                self.called(forward_function(part, space, rows), part),
                np.random.default_rng(0),
                start,
            )
            for turn in range(3):
                after = forward(turn, **state, observation=_observations(space, rows, rng))
                state = {name: value for name, value in after.items() if name.startswith(STATE)}
                for name, leaf in start.items():
                    found = state.get(name, np.zeros(0))
                    self.demand_array(found, leaf.dtype.name, leaf.shape, "state as initial_state has it", "call")

    def test_the_gradient_reaches_every_trainable_variable(self) -> None:
        """From the outputs back."""
        for space in self._readable():
            missed: list[str] = []
            descend_function(SimpleNamespace(network=self._build(space, _UNITS)), space, _ROWS, missed)
            asks = "a gradient for every trainable variable"
            self.demand(not missed, asks, f"none for {', '.join(sorted(set(missed)))} (observation: {space})")

    def _readable(self) -> list[Array]:
        found = [space for space in self.observations if self.accepts(Spaces(space, Discrete(_UNITS)))]
        asks = "a network that reads one of the suite's `observations`"
        text = "that its check refuses all of them (give the test the `observations` that it reads)"
        self.demand(found, asks, text)
        return found

    def _build(self, space: Array, units: int | None) -> Any:
        return self.component.build(observation_spec(space), units)

    def _forward(self, network: Any, space: Array, rows: int) -> dict[str, npt.NDArray[Any]]:
        """The outputs for examples, from the state at an episode's start."""
        part = SimpleNamespace(network=network)
        forward = self.called(forward_function(part, space, rows), part)
        given = {**start_of(network, rows), "observation": _observations(space, rows, np.random.default_rng(0))}
        return forward(**given)


def _observations(space: Array, rows: int, rng: np.random.Generator) -> npt.NDArray[Any]:
    return example_array(space, (rows, *space.shape), rng)
