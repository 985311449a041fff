"""The suite of environments."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt

from rlkit.contracts.environment import Environment
from rlkit.contracts.spaces import Discrete, SpaceError, Spaces
from rlkit.programs.examples import example_array
from rlkit.testing.component_suite import ComponentSuite
from rlkit.testing.verdict import ContractBroken, shown
from rlkit.worlds.world import EnvironmentFailure, World

Trace = list[tuple[npt.NDArray[Any], float, bool, bool]]


class EnvironmentSuite(ComponentSuite):
    """`component = GymnasiumEnvironment(id="CartPole-v1")`."""

    contract = Environment
    steps = 200
    """Random steps that are taken."""

    def test_every_make_gives_an_environment_of_its_own(self) -> None:
        """A `gymnasium.Env` whose steps do not move another one."""
        first, second = self._make(), self._make()
        for made in (first, second):
            self.demand(isinstance(made, gymnasium.Env), "a gymnasium.Env", shown(made), "make")
        self.demand(first is not second, "a fresh environment each time", "the same object twice", "make")
        alone = self._play(first)
        disturbed = self._play(second, beside=self._make())
        self._same(alone, disturbed, "an environment that another one's steps do not move")

    def test_its_spaces_can_be_read(self) -> None:
        """Box or MultiBinary observations, Discrete or Box actions."""
        try:
            Spaces.of(self._make())
        except SpaceError as error:
            raise ContractBroken(
                f"{self.name}: the contract asks for spaces that rlkit reads; found {error}"
            ) from error

    def test_it_keeps_gymnasiums_contract(self) -> None:
        """Over random steps: what `step` and `reset` return, finite rewards, observations inside their space."""
        environment = self._make()
        for observation, *_ in self._play(environment):
            asks = f"observations in {environment.observation_space}"
            self.demand(environment.observation_space.contains(observation), asks, f"{observation}")

    def test_a_seed_gives_the_same_episodes_on_a_fresh_object(self) -> None:
        """So that any episode can be played again."""
        first, again = self._play(self._make()), self._play(self._make())
        self._same(first, again, "the same episodes from the same seeds and actions, on a fresh object")

    def test_it_can_be_shown_or_says_why_not(self) -> None:
        """`make(render=True)` draws `rgb_array`, or raises ValueError."""
        try:
            made = self.component.make(render=True)
        except ValueError:
            return
        except Exception as error:
            text = f"{self.name}.make: the contract asks for a ValueError if it cannot be drawn; found {error!r}"
            raise ContractBroken(text) from error
        found = f"render_mode {made.render_mode!r}"
        self.demand(made.render_mode == "rgb_array", "pictures (render_mode 'rgb_array')", found, "make")
        made.close()

    def _make(self) -> Any:
        return self.component.make(render=False)

    def _play(self, environment: Any, *, beside: Any = None) -> Trace:
        """Random steps, by seed and the same each time; `beside` is stepped in between."""
        spaces = Spaces.of(environment)
        rng, trace = np.random.default_rng(0), Trace()
        worlds = [
            World(made, spaces, seed=seed, stream="conformance", steps_per_episode=50)
            for seed, made in enumerate((environment, beside))
            if made is not None
        ]
        shape = () if isinstance(spaces.action, Discrete) else spaces.action.shape
        over = True
        try:
            for _ in range(self.steps):
                if over:
                    trace.append((worlds[0].reset().copy(), 0.0, False, False))
                    for world in worlds[1:]:
                        world.reset()
                action = example_array(spaces.action, shape, rng)
                observation, reward, terminated, truncated = worlds[0].step(action)
                trace.append((observation.copy(), reward, terminated, truncated))
                over = terminated or truncated
                for world in worlds[1:]:
                    _, _, terminated_beside, truncated_beside = world.step(action)
                    if terminated_beside or truncated_beside:
                        world.reset()
        except EnvironmentFailure as error:
            raise ContractBroken(f"{self.name}: the contract asks for Gymnasium's; found {error}") from error
        return trace

    def _same(self, first: Trace, second: Trace, asks: str) -> None:
        for step, (one, other) in enumerate(zip(first, second, strict=False)):
            same = np.array_equal(one[0], other[0], equal_nan=one[0].dtype.kind == "f") and one[1:] == other[1:]
            self.demand(same, asks, f"{other}, not {one}, after {step} steps and resets")
        self.demand(len(first) == len(second), asks, f"{len(second)} steps and resets, not {len(first)}")
