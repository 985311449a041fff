"""The suite of wrappers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, ClassVar

import gymnasium
import numpy as np

from rlkit.testing import ComponentSuite
from rlkit_gymnasium.contracts.wrapper import Wrapper
from rlkit_gymnasium.environment import GymnasiumEnvironment
from rlkit_gymnasium.packages import MissingPackage


class WrapperSuite(ComponentSuite):
    """`component = FrameStack(size=4)`, and `around` an environment that it can serve."""

    contract = Wrapper
    around: ClassVar[Mapping[str, Any]] = {"id": "CartPole-v1"}
    """Parameters of the environment `gymnasium`."""
    steps = 60

    def test_it_gives_an_environment(self) -> None:
        """A `gymnasium.Env`, whose observations keep their space if the component says so."""
        for inner, wrapped in self._wrapped():
            self.demand(isinstance(wrapped, gymnasium.Env), "a gymnasium.Env", type(wrapped).__name__, "wrap")
            if getattr(self.component, "keeps_observations", False):
                found = f"{wrapped.observation_space}, not {inner.observation_space}"
                self.demand(wrapped.observation_space == inner.observation_space, "observations as they are", found)

    def test_its_observations_are_in_their_space(self) -> None:
        """Over random steps."""
        for _, wrapped in self._wrapped():
            for observation, _ in self._play(wrapped):
                asks = f"observations in {wrapped.observation_space}"
                self.demand(wrapped.observation_space.contains(observation), asks, f"{observation}", "wrap")

    def test_the_seed_of_reset_decides_what_it_draws(self) -> None:
        """The same episodes from the same seed, on one object and on a fresh one."""
        for _, wrapped in self._wrapped():
            first = self._play(wrapped)
            for other in (wrapped, *(fresh for _, fresh in self._wrapped())):
                same = all(map(_equal, first, self._play(other)))
                self.demand(same, "the same episode from the same seed and actions", "another one", "wrap")

    def test_a_stack_moves_by_one_frame_a_step(self) -> None:
        """The newest frame last, and at an episode's start one frame, repeated."""
        stack = getattr(self.component, "stack", 1)
        for _, wrapped in self._wrapped():
            observations = [observation for observation, _ in self._play(wrapped)] if stack > 1 else []
            for before, after in pairwise(observations):
                self.demand(len(after) == stack, f"{stack} frames", f"{len(after)}", "wrap")
                self.demand(np.array_equal(before[1:], after[:-1]), "frames that move down by one", "others", "wrap")
            if observations:
                start = observations[0]
                self.demand(bool((start == start[-1]).all()), "one frame repeated at the start", "others", "wrap")

    def _wrapped(self) -> list[tuple[gymnasium.Env[Any, Any], gymnasium.Env[Any, Any]]]:
        """The environment and what the wrapper makes of it; none where a package is missing."""
        try:
            inner = GymnasiumEnvironment(**self.around).raw(render=False)
            return [(inner, self.component.wrap(inner))]
        except MissingPackage:
            return []

    def _play(self, environment: gymnasium.Env[Any, Any]) -> list[tuple[Any, float]]:
        environment.action_space.seed(0)
        played = [(environment.reset(seed=7)[0], 0.0)]
        for _ in range(self.steps):
            observation, reward, terminated, truncated, _ = environment.step(environment.action_space.sample())
            played.append((observation, float(reward)))
            if terminated or truncated:
                break
        return played


def _equal(one: tuple[Any, float], other: tuple[Any, float]) -> bool:
    def same(a: Any, b: Any) -> bool:
        if isinstance(a, dict):
            return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
        return bool(np.array_equal(a, b))

    return one[1] == other[1] and same(one[0], other[0])
