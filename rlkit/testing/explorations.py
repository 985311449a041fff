"""The suite of exploration policies."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit.contracts.data import Call, Step
from rlkit.contracts.exploration import Exploration
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.contracts.working import working
from rlkit.maths.actions import masked
from rlkit.programs.examples import example_allowed, example_progress
from rlkit.programs.functions import with_call
from rlkit.programs.program import GraphFunction, Outputs, Program
from rlkit.programs.seeing import seen_from, seen_inputs
from rlkit.testing.graph_suite import GraphSuite, program_of
from rlkit.testing.learner_functions import example_seen
from rlkit.testing.verdict import shown

_SIZES = ((1, 2), (1, 1), (4, 3), (7, 18))
"""(environments, actions)."""
_ROWS = 6


class ExplorationSuite(GraphSuite):
    """`component = Boltzmann(temperature=0.5)`."""

    contract = Exploration

    def program(self) -> Program:
        """See `GraphSuite`. All its methods, in an environment that forbids actions."""
        spaces = self._spaces(3, 4)
        part = working(self.component, spaces)
        functions = (self._select(part, spaces), *self._optional(part, spaces))
        return program_of(part, functions, {"allowed": lambda spec, rng: example_allowed(tuple(spec.shape), rng)})

    def test_it_chooses_one_of_the_allowed_actions_in_each_environment(self) -> None:
        """(B,) int32 from 0 on, for values of any size, early and late, with a mask and without."""
        for environments, actions in _SIZES:
            for mask in (False, True):
                spaces = self._spaces(environments, actions, masked=mask)
                part = working(self.component, spaces)
                select, rng = self.called(self._select(part, spaces), part), np.random.default_rng(0)
                for turn in range(16):
                    values = rng.normal(size=(environments, actions)) * 10.0 ** (turn % 8 - 3)
                    values = values.astype(np.float32) if turn else np.zeros_like(values, np.float32)
                    seen = example_seen(spaces, rng)
                    action = select(turn, values=values, **seen, progress=example_progress(turn))["action"]
                    self.demand_array(action, "int32", (environments,), "actions", "select")
                    inside = bool(((action >= 0) & (action < actions)).all())
                    self.demand(inside, f"actions from 0 to {actions - 1}", str(action.tolist()), "select")
                    if mask:
                        kept = bool(seen["allowed"][np.arange(environments), action].all())
                        found = f"{action.tolist()} where {seen['allowed'].tolist()} was allowed"
                        self.demand(kept, "actions that seen.allowed allows", found, "select")

    def test_actions_tried_whatever_their_value_are_those_it_chooses(self) -> None:
        """`select` is `tries` where that tries an action, and greedy elsewhere; for policies that have `tries`."""
        for environments, actions in _SIZES:
            spaces = self._spaces(environments, actions)
            part = working(self.component, spaces)
            if not hasattr(part, "tries"):
                return
            functions = (self._select(part, spaces), self._tries(part, spaces))
            same = functions[0].noise == functions[1].noise
            self.demand(same, "select's requests of noise, in their order", "others", "tries")
            select, tries = (self.called(function, part) for function in functions)
            rng = np.random.default_rng(0)
            for turn in range(16):
                seen, progress = example_seen(spaces, rng), example_progress(turn)
                values = rng.normal(size=(environments, actions)).astype(np.float32)
                tried = tries(turn, **seen, progress=progress)
                self.demand_array(tried["which"], "int32", (environments,), "actions", "tries")
                best = np.argmax(np.where(seen["allowed"], values, -np.inf), -1)
                expected = np.where(tried["where"], tried["which"], best)
                found = select(turn, values=values, **seen, progress=progress)["action"]
                equal = bool(np.array_equal(found, expected))
                self.demand(equal, f"{expected.tolist()}, as select chooses", str(found.tolist()), "tries")

    def test_its_probabilities_are_those_with_which_it_chooses(self) -> None:
        """(B, n) float32 that sum to 1, none for forbidden actions; for policies that have `probabilities`."""
        draws, actions = 2000, 4
        spaces = self._spaces(draws, actions)
        part = working(self.component, spaces)
        if not hasattr(part, "probabilities"):
            return
        function, rng = self._probabilities(part, spaces), np.random.default_rng(0)
        probabilities, select = self.called(function, part), self.called(self._select(part, spaces), part)
        for turn in (0, 5):
            seen = {name: np.repeat(value[:1], draws, 0) for name, value in example_seen(spaces, rng).items()}
            seen["allowed"][:] = (True, True, False, True)
            given = {**seen, "progress": example_progress(turn)}
            values = np.repeat(rng.normal(size=(1, actions)).astype(np.float32), draws, 0)
            found = probabilities(turn, values=values, **given)["probabilities"]
            self.demand_array(found, "float32", (draws, actions), "probabilities", "probabilities")
            sums = np.allclose(found.sum(axis=1), 1.0, atol=1e-5) and (found >= 0).all() and not found[:, 2].any()
            asks = "probabilities that sum to 1, 0 for forbidden actions"
            self.demand(sums, asks, f"{found[0].tolist()}", "probabilities")
            share = np.bincount(select(turn, values=values, **given)["action"], minlength=actions) / draws
            asks = f"the shares of select over {draws} draws, {share.tolist()}"
            # Five standard deviations of a share.
            near = (np.abs(share - found[0]) < 5.0 * np.sqrt(0.25 / draws)).all()
            self.demand(near, asks, f"{found[0].tolist()}", "probabilities")

    def _spaces(self, environments: int, actions: int, *, masked: bool = True) -> Spaces:
        return Spaces(Array((4,), "float32"), Discrete(actions, masked=masked), environments)

    def _optional(self, part: Any, spaces: Spaces) -> list[GraphFunction]:
        made = {"probabilities": self._probabilities, "learned": self._learned}
        return [make(part, spaces) for name, make in made.items() if hasattr(part, name)]

    def _select(self, part: Exploration, spaces: Spaces) -> GraphFunction:
        def select(call: Call, values: Tensor, **given: Tensor) -> Outputs:
            seen = seen_from(given, spaces)
            return {"action": part.select(masked(values, seen.allowed), seen, call)}

        return with_call("select", select, (_values(spaces), *seen_inputs(spaces)))

    def _tries(self, part: Any, spaces: Spaces) -> GraphFunction:
        def tries(call: Call, **given: Tensor) -> Outputs:
            where, which = part.tries(seen_from(given, spaces), call)
            return {"where": tf.ensure_shape(where, (spaces.environments,)), "which": which}

        return with_call("tries", tries, seen_inputs(spaces))

    def _probabilities(self, part: Any, spaces: Spaces) -> GraphFunction:
        def probabilities(call: Call, values: Tensor, **given: Tensor) -> Outputs:
            seen = seen_from(given, spaces)
            return {"probabilities": part.probabilities(masked(values, seen.allowed), seen, call)}

        return with_call("probabilities", probabilities, (_values(spaces), *seen_inputs(spaces)))

    def _learned(self, part: Any, spaces: Spaces) -> GraphFunction:
        def learned(call: Call, td_error: Tensor, observation: Tensor) -> Outputs:
            actions = tf.constant(True, shape=(_ROWS, spaces.action.n))  # type: ignore[union-attr]
            no = tf.zeros((_ROWS,), tf.bool)
            steps = Step(observation, tf.zeros((_ROWS,), tf.int32), td_error, no, no, observation, {}, actions, actions)
            answer = part.learned(td_error, steps, call)
            self.demand(answer is None, "assignments, and nothing returned", shown(answer), "learned")
            return {"heard": tf.constant(True)}

        space = spaces.observation
        observation = tf.TensorSpec((_ROWS, *space.shape), space.dtype, name="observation")
        return with_call("learned", learned, (tf.TensorSpec((_ROWS,), tf.float32, name="td_error"), observation))


def _values(spaces: Spaces) -> TensorSpec:
    assert isinstance(spaces.action, Discrete)
    return tf.TensorSpec((spaces.environments, spaces.action.n), tf.float32, name="values")
