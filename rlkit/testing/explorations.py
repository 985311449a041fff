"""The suite of exploration policies."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit.contracts.exploration import Exploration
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.contracts.tensor import Tensor
from rlkit.contracts.working import working
from rlkit.noise.traced import TracedNoise
from rlkit.programs.examples import example_progress
from rlkit.programs.program import PROGRESS, GraphFunction, Outputs, Program, as_progress, with_noise
from rlkit.testing.graph_suite import GraphSuite, program_of

_SIZES = ((1, 2), (1, 1), (4, 3), (7, 18))
"""(environments, actions)."""


class ExplorationSuite(GraphSuite):
    """`component = Boltzmann(temperature=0.5)`."""

    contract = Exploration

    def program(self) -> Program:
        """See `GraphSuite`."""
        part = self._build(3, 4)
        return program_of(part, (self._select(part, 3, 4),))

    def test_it_chooses_one_of_the_actions_in_each_environment(self) -> None:
        """(B,) int32 from 0 on, for values of any size, early and late."""
        for environments, actions in _SIZES:
            part = self._build(environments, actions)
            select = self.called(self._select(part, environments, actions), part)
            rng = np.random.default_rng(0)
            for turn in range(16):
                q_values = rng.normal(size=(environments, actions)) * 10.0 ** (turn % 8 - 3)
                q_values = q_values.astype(np.float32) if turn else np.zeros_like(q_values, np.float32)
                action = select(turn, q_values=q_values, progress=example_progress(turn))["action"]
                self.demand_array(action, "int32", (environments,), "actions", "select")
                inside = bool(((action >= 0) & (action < actions)).all())
                self.demand(inside, f"actions from 0 to {actions - 1}", str(action.tolist()), "select")

    def test_actions_tried_whatever_their_value_are_those_it_chooses(self) -> None:
        """`select` is `tries` where that tries an action, and greedy elsewhere; for policies that have `tries`."""
        for environments, actions in _SIZES:
            part = self._build(environments, actions)
            if not hasattr(part, "tries"):
                return
            functions = (self._select(part, environments, actions), self._tries(part, environments, actions))
            same = functions[0].noise == functions[1].noise
            self.demand(same, "select's requests of noise, in their order", "others", "tries")
            select, tries = (self.called(function, part) for function in functions)
            rng = np.random.default_rng(0)
            for turn in range(16):
                q_values = rng.normal(size=(environments, actions)).astype(np.float32)
                tried = tries(turn, progress=example_progress(turn))
                self.demand_array(tried["which"], "int32", (environments,), "actions", "tries")
                expected = np.where(tried["where"], tried["which"], np.argmax(q_values, -1))
                found = select(turn, q_values=q_values, progress=example_progress(turn))["action"]
                equal = bool(np.array_equal(found, expected))
                self.demand(equal, f"{expected.tolist()}, as select chooses", str(found.tolist()), "tries")

    def _build(self, environments: int, actions: int) -> Exploration:
        spaces = Spaces(Array((4,), "float32"), Discrete(actions), environments)
        part: Exploration = working(self.component, spaces)
        return part

    def _select(self, part: Exploration, environments: int, actions: int) -> GraphFunction:
        def select(noise: TracedNoise, q_values: Tensor, progress: Tensor) -> Outputs:
            return {"action": part.select(q_values, noise, as_progress(progress))}

        spec = tf.TensorSpec((environments, actions), tf.float32, name="q_values")
        return with_noise("select", select, (spec, PROGRESS))

    def _tries(self, part: Any, environments: int, actions: int) -> GraphFunction:
        def tries(noise: TracedNoise, progress: Tensor) -> Outputs:
            where, which = part.tries(environments, actions, noise, as_progress(progress))
            return {"where": tf.ensure_shape(where, (environments,)), "which": which}

        return with_noise("tries", tries, (PROGRESS,))
