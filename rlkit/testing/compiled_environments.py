"""The suite of compiled environments."""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.noise.drawn import DrawnNoise
from rlkit.noise.philox import stream_key
from rlkit.testing.compiled_play import compiled_play
from rlkit.testing.component_suite import ComponentSuite
from rlkit.testing.environment_calls import Arrays, EnvironmentCalls, Played, differs, state_text
from rlkit.testing.no_tensorflow import no_tensorflow
from rlkit.testing.side_effects import stateful_operations
from rlkit.testing.verdict import ContractBroken, finite, raised, shown


class CompiledEnvironmentSuite(ComponentSuite):
    """`component = GridWorld(map=("S.", ".G"))`."""

    contract = CompiledEnvironment
    steps = 200
    """Random steps that are taken, from episode to episode."""

    def test_its_spaces_are_plain_data(self) -> None:
        """`rlkit check` and `rlkit plugins` do not wait for TensorFlow."""
        asks = "rlkit.Spaces of one environment, without the use of TensorFlow"
        try:
            with no_tensorflow(type(self.component)):
                spaces = self.component.spaces()
        except Exception as error:
            found = str(error) if isinstance(error, ImportError) else raised(error)
            raise ContractBroken(f"{self.name}.spaces: the contract asks for {asks}; found {found}") from error
        self.demand(isinstance(spaces, Spaces) and spaces.environments == 1, asks, shown(spaces), "spaces")
        self.demand(isinstance(spaces.observation, Array), "an rlkit.Array", shown(spaces.observation), "spaces")
        kinds = (Array, Discrete)
        self.demand(isinstance(spaces.action, kinds), "an rlkit.Array or Discrete", shown(spaces.action), "spaces")
        for space in (space for space in spaces[:2] if isinstance(space, Array)):
            plain = isinstance(space.shape, tuple) and all(type(size) is int for size in space.shape)
            self.demand(plain, "shapes that are tuples of int", repr(space.shape), "spaces")
            self.demand(type(space.dtype) is str, "dtypes by name ('float32')", repr(space.dtype), "spaces")

    def test_its_episode_limit_is_a_count_or_none(self) -> None:
        """A positive int, or None."""
        limit = self.component.episode_limit
        fits = limit is None or (type(limit) is int and limit > 0)
        self.demand(fits, "None or a positive int", shown(limit), "episode_limit")

    def test_its_state_keeps_structure_shapes_and_dtypes(self) -> None:
        """After `reset` and after every `step`, or there would be no loop to compile."""
        calls = self._calls
        before, after = calls.state, calls.state_after
        asks = f"a state as `reset` gives it, {state_text(before)}"
        self.demand(tf.nest.flatten(before) == tf.nest.flatten(after), asks, state_text(after), "step")
        static = all(leaf.shape.is_fully_defined() for leaf in tf.nest.flatten(before))
        self.demand(static, "a state of static shapes", state_text(before), "reset")

    def test_it_shows_what_its_spaces_say(self) -> None:
        """Observations of the shape and dtype of `spaces().observation`, within its bounds."""
        space = self._calls.spaces.observation
        for function in (self._calls.reset, self._calls.step):
            spec = function.traced.structured_outputs["observation"]
            same = tuple(spec.shape) == space.shape and spec.dtype.name == space.dtype
            self.demand(same, f"observations of {space.dtype}, shape {space.shape}", shown(spec), "observe")
        for played in self._played():
            seen = np.asarray(played.after["observation"], np.float64)
            low, high = space.bounds()
            inside = bool(((seen >= low) & (seen <= high)).all())
            found = f"{seen.min()} to {seen.max()}" if seen.size else ""
            words = f"observations from {low.min():g} to {high.max():g}" if seen.size else "observations"
            self.demand(inside, words, found, "observe")

    def test_its_mask_allows_an_action_until_the_end(self) -> None:
        """`allowed(state)`, if there is one: (n,) bool for n discrete actions, one True at least unless terminated."""
        if not hasattr(self.component, "allowed"):
            return
        space = self._calls.spaces.action
        actions = space.n if isinstance(space, Discrete) else 0
        self.demand(actions, "discrete actions where there is a mask", shown(space), "allowed")
        for function in (self._calls.reset, self._calls.step):
            spec = function.traced.structured_outputs["allowed"]
            same = tuple(spec.shape) == (actions,) and spec.dtype.name == "bool"
            self.demand(same, f"bool of shape ({actions},)", shown(spec), "allowed")
        for played in self._played():
            some = played.after["terminated"] or played.after["allowed"].any()
            self.demand(some, "an action that is allowed, unless the episode terminated", "none", "allowed")

    def test_a_transition_has_a_reward_and_two_ends(self) -> None:
        """`reward` () float32, `terminated` and `truncated` () bool."""
        outputs = self._calls.step.traced.structured_outputs
        for name, dtype in (("reward", "float32"), ("terminated", "bool"), ("truncated", "bool")):
            spec = outputs[name]
            same = tuple(spec.shape) == () and spec.dtype.name == dtype
            self.demand(same, f"{name} of {dtype}, shape ()", shown(spec), "step")

    def test_it_accepts_every_action(self) -> None:
        """Each one of a few that it allows there, the bounds of a range."""
        calls, space = self._calls, self._calls.spaces.action
        if isinstance(space, Discrete):
            actions = [np.array(number, np.int32) for number in range(space.n)]
        else:
            low, high = space.bounds()
            ends = (np.where(np.isfinite(low), low, -100.0), np.where(np.isfinite(high), high, 100.0))
            actions = [end.astype(space.dtype) for end in ends]
        for played in self._played(10):
            mask = self._mask_before(played)
            for action in actions if mask is None else [action for action in actions if mask[action]]:
                asks = f"a transition for action {action.tolist()}"
                try:
                    after, _ = calls.eagerly(calls.step, {**played.before, "action": action}, played.noise)
                except Exception as error:
                    text = f"{self.name}.step: the contract asks for {asks}; found {raised(error)}"
                    raise ContractBroken(text) from error
                self._demand_finite(after, f"after action {action.tolist()}")

    def test_random_play_gives_finite_numbers(self) -> None:
        """In states, observations and rewards."""
        for turn, played in enumerate(self._played()):
            self._demand_finite(played.after, f"after {turn + 1} steps")

    def test_the_same_inputs_give_the_same_transition(self) -> None:
        """From the same state, action and noise: nothing random of its own, nothing counted in Python."""
        calls = self._calls
        asks = "the same result from the same state, action and noise (no tf.random, numpy.random or random, "
        asks += "nothing counted in Python)"
        for played in self._played(30):
            given = {**played.before, "action": played.action}
            first, _ = calls.eagerly(calls.step, given, played.noise)
            self._demand_same(calls.eagerly(calls.step, given, played.noise)[0], first, asks, "step")
            self._demand_same(played.after, first, "the same result as Python and as a graph", "step")
        for turn in range(4):
            noise = DrawnNoise(stream_key(0, "conformance"), calls.reset.noise).at(turn)
            first, _ = calls.eagerly(calls.reset, {}, noise)
            self._demand_same(calls.eagerly(calls.reset, {}, noise)[0], first, asks, "reset")

    def test_it_remembers_nothing_beside_its_state(self) -> None:
        """No variables, no side effects: what it does not carry in its state is lost from one program to the next."""
        for function in (self._calls.reset, self._calls.step):
            variables = ", ".join(f"the variable {variable.name!r}" for variable in function.traced.graph.variables)
            self.demand(not variables, "all that it remembers in its state", variables, function.name)
            found = ", ".join(f"the operation {name}" for name in stateful_operations(function.traced))
            asks = "graph code without side effects, random numbers from `noise` alone"
            self.demand(not found, asks, found, function.name)

    def test_it_asks_for_the_same_noise_at_every_call(self) -> None:
        """Whatever the state; never inside a `tf.while_loop`, where it would be drawn once for all turns."""
        calls, seen = self._calls, []
        for turn in range(8):
            drawn = DrawnNoise(stream_key(0, "conformance"), calls.reset.noise).at(turn)
            seen.append((calls.reset, calls.eagerly(calls.reset, {}, drawn)[1]))
        for played in self._played(100):
            given = {**played.before, "action": played.action}
            seen.append((calls.step, calls.eagerly(calls.step, given, played.noise)[1]))
        for function, found in seen:
            asked = function.noise
            asks = f"the same noise at every call, {asked.uniforms} floats and {asked.integers} integers as traced"
            text = f"{found.uniforms} floats and {found.integers} integers, or another order"
            self.demand(found == asked, asks, text, function.name)

    def test_it_runs_in_a_compiled_loop(self) -> None:
        """XLA compiles it inside a `tf.while_loop`, and it then does what the graph does, step by step."""
        try:
            compiled = compiled_play(self._calls, self.steps)
        except Exception as error:
            asks = "code that XLA compiles inside a tf.while_loop"
            raise ContractBroken(f"{self.name}: the contract asks for {asks}; found {raised(error)}") from error
        for played in compiled:
            given = {**played.before, "action": played.action}
            expected = self._calls.call(self._calls.step, given, played.noise)
            self._demand_same(played.after, expected, "the graph's result under XLA", "step")

    def test_it_can_be_drawn(self) -> None:
        """`render(state)`, if there is one, takes NumPy arrays and gives (height, width, 3) uint8."""
        if not hasattr(self.component, "render"):
            return
        asks = "a picture, uint8 of shape (height, width, 3), of a state in NumPy arrays"
        for played in self._played(10):
            try:
                drawn = self.component.render(self._calls.as_nest(played.before))
            except Exception as error:
                text = f"{self.name}.render: the contract asks for {asks}; found {raised(error)}"
                raise ContractBroken(text) from error
            fits = isinstance(drawn, np.ndarray) and drawn.dtype == np.uint8 and drawn.ndim == 3
            self.demand(fits and drawn.shape[2] == 3 and drawn.size, asks, shown(drawn), "render")

    def _mask_before(self, played: Played) -> npt.NDArray[np.bool_] | None:
        """The actions that are allowed in the state before a step."""
        if not hasattr(self.component, "allowed"):
            return None
        return np.asarray(self.component.allowed(self._calls.as_nest(played.before)))

    @cached_property
    def _calls(self) -> EnvironmentCalls:
        try:
            return _traced(self.component) if _hashable(self.component) else EnvironmentCalls(self.component)
        except ContractBroken:
            raise
        except Exception as error:
            asks = "code that can be traced"
            raise ContractBroken(f"{self.name}: the contract asks for {asks}; found {raised(error)}") from error

    def _played(self, count: int | None = None) -> list[Played]:
        """Steps of random play: all, or so many, evenly spread."""
        self.test_its_state_keeps_structure_shapes_and_dtypes()
        try:
            played = _random_play(self._calls, self.steps)
        except Exception as error:
            asks = "a transition for every action of its space"
            raise ContractBroken(f"{self.name}.step: the contract asks for {asks}; found {raised(error)}") from error
        return played[:: max(1, self.steps // (count or self.steps))]

    def _demand_finite(self, seen: Arrays, when: str) -> None:
        for name, value in seen.items():
            self.demand(finite(value), "finite numbers", f"{name} = {value} {when}", "step")

    def _demand_same(self, found: Arrays, expected: Arrays, asks: str, method: str) -> None:
        problem = differs(found, expected)
        self.demand(problem is None, asks, f"that {problem}", method)


@lru_cache(maxsize=1)
def _traced(environment: CompiledEnvironment) -> EnvironmentCalls:
    """Traced once for the tests that look at the same environment one after the other."""
    return EnvironmentCalls(environment)


def _hashable(environment: CompiledEnvironment) -> bool:
    try:
        hash(environment)
    except TypeError:  # a parameter is a map
        return False
    return True


@lru_cache(maxsize=1)
def _random_play(calls: EnvironmentCalls, steps: int) -> list[Played]:
    return list(calls.play(steps))
