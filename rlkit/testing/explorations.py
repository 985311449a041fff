"""The suite of exploration policies."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.exploration import Exploration
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.programs.examples import example_allowed, example_progress
from rlkit.programs.program import Program
from rlkit.testing.exploration_functions import (
    OPTIONAL,
    ROWS,
    learned_function,
    probabilities_function,
    select_function,
    tries_function,
    values_shape,
)
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.learner_examples import example_seen
from rlkit.testing.part_program import program_of

_SIZES = ((1, 2, False), (1, 1, True), (4, 3, False), (7, 18, True))
"""Environments, actions, and whether some are forbidden."""
_DRAWS = 2000
_SURPRISES = np.array([0.0, 1e-6, -1.0, 2.0, -1e4, 1e6], np.float32)


class ExplorationSuite(GraphSuite):
    """`component = Boltzmann(temperature=0.5)`."""

    contract = Exploration

    def program(self) -> Program:
        """See `GraphSuite`. All its methods, in an environment that forbids actions."""
        spaces = _spaces(3, 4)
        part = self.working(spaces)
        others = [make(part, spaces) for name, make in OPTIONAL.items() if hasattr(part, name)]
        examples = {
            "allowed": lambda spec, rng: example_allowed(tuple(spec.shape), rng),
            "action": lambda spec, rng: rng.integers(0, 4, tuple(spec.shape)).astype(np.int32),
        }
        return program_of(part, (select_function(part, spaces), *others), examples)

    def test_it_chooses_one_of_the_allowed_actions_in_each_environment(self) -> None:
        """(B,) int32 from 0 on, for values of any size, early and late, with a mask and without."""
        for environments, actions, masked in _SIZES:
            spaces = _spaces(environments, actions, masked=masked)
            part = self.working(spaces)
            select, rng = self.called(select_function(part, spaces), part), np.random.default_rng(0)
            for turn in range(16):
                values = rng.normal(size=values_shape(part, spaces)) * 10.0 ** (turn % 8 - 3)
                self._check_choice(select, spaces, turn, values.astype(np.float32) if turn else 0.0 * values, rng)

    def test_values_of_one_environment_change_no_other_s_action(self) -> None:
        """From the same noise and variables: what is chosen in an environment follows from what is worth there."""
        spaces = _spaces(5, 3, masked=False)
        part = self.working(spaces)
        made = select_function(part, spaces)
        select, variables = self.called(made, part), program_of(part, (made,)).variables.values()
        rng = np.random.default_rng(0)
        for turn in range(32):
            seen = example_seen(spaces, rng)
            values = rng.normal(size=values_shape(part, spaces)).astype(np.float32)
            changed = values.copy()
            changed[turn % 5] = 1e3 * np.roll(values[turn % 5], 1, -1)
            before = [variable.numpy() for variable in variables]
            found = select(turn, values=changed, **seen)["action"]
            for variable, value in zip(variables, before, strict=True):
                variable.assign(value)
            actions = select(turn, values=values, **seen)["action"]
            same = np.delete(actions == found, turn % 5).all()
            told = f"{found.tolist()} instead of {actions.tolist()} where those of number {turn % 5} change"
            self.demand(same, "actions of an environment by its own values", told, "select")

    def test_what_it_is_told_leaves_it_choosing(self) -> None:
        """Of TD errors of any size and sign, those of one action as of all; for policies that have `learned`."""
        spaces = _spaces(3, 4)
        part = self.working(spaces)
        if not hasattr(part, "learned"):
            return
        select, learned = (self.called(make(part, spaces), part) for make in (select_function, learned_function))
        rng, space = np.random.default_rng(0), spaces.observation
        for turn in range(8):
            observation = rng.normal(size=(ROWS, *space.shape)).astype(np.float32)
            action = np.full(ROWS, turn % 4) if turn % 2 else rng.integers(0, 4, ROWS)
            learned(turn, td_error=np.roll(_SURPRISES, turn), observation=observation, action=action.astype(np.int32))
            values = rng.normal(size=values_shape(part, spaces)).astype(np.float32)
            self._check_choice(select, spaces, turn, values, rng)

    def test_actions_tried_whatever_their_value_are_those_it_chooses(self) -> None:
        """`select` is `tries` where that tries an action, and greedy elsewhere; for policies that have `tries`."""
        for environments, actions in ((1, 2), (7, 18)):
            spaces = _spaces(environments, actions)
            part = self.working(spaces)
            if not hasattr(part, "tries"):
                return
            functions = (select_function(part, spaces), tries_function(part, spaces))
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
        actions = 4
        spaces = _spaces(_DRAWS, actions)
        part = self.working(spaces)
        if not hasattr(part, "probabilities"):
            return
        rng = np.random.default_rng(0)
        probabilities, select = (
            self.called(make(part, spaces), part) for make in (probabilities_function, select_function)
        )
        for turn in (0, 5, 13):
            seen = {name: np.repeat(value[:1], _DRAWS, 0) for name, value in example_seen(spaces, rng).items()}
            seen["allowed"][:] = (True, True, turn == 5, True)
            one = rng.normal(size=(1, *values_shape(part, spaces)[1:])).astype(np.float32)
            values = np.repeat(one, _DRAWS, 0)
            found = probabilities(turn, values=values, **seen)["probabilities"]
            self.demand_array(found, "float32", (_DRAWS, actions), "probabilities", "probabilities")
            sums = np.allclose(found.sum(axis=1), 1.0, atol=1e-5) and (found >= 0).all()
            asks = "probabilities that sum to 1, 0 for forbidden actions"
            self.demand(sums and not found[~seen["allowed"]].any(), asks, f"{found[0].tolist()}", "probabilities")
            share = np.bincount(select(turn, values=values, **seen)["action"], minlength=actions) / _DRAWS
            asks = f"the shares of select over {_DRAWS} draws, {share.tolist()}"
            # Five standard deviations of a share.
            near = (np.abs(share - found[0]) < 5.0 * np.sqrt(0.25 / _DRAWS)).all()
            self.demand(near, asks, f"{found[0].tolist()}", "probabilities")

    def _check_choice(
        self, select: Any, spaces: Spaces, turn: int, values: npt.NDArray[Any], rng: np.random.Generator
    ) -> None:
        environments, actions = values.shape[0], values.shape[-1]
        seen = example_seen(spaces, rng)
        action = select(turn, values=values, **seen)["action"]
        self.demand_array(action, "int32", (environments,), "actions", "select")
        inside = bool(((action >= 0) & (action < actions)).all())
        self.demand(inside, f"actions from 0 to {actions - 1}", str(action.tolist()), "select")
        if "allowed" in seen:
            kept = bool(seen["allowed"][np.arange(environments), action].all())
            found = f"{action.tolist()} where {seen['allowed'].tolist()} was allowed"
            self.demand(kept, "actions that seen.allowed allows", found, "select")


def _spaces(environments: int, actions: int, *, masked: bool = True) -> Spaces:
    return Spaces(Array((4,), "float32"), Discrete(actions, masked=masked), environments)
