from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Nest, Noise, Spaces, Tensor, Transition, component, parameter
from rlkit.testing import CompiledEnvironmentSuite

PLAIN = "test_its_spaces_are_plain_data"
LIMIT = "test_its_episode_limit_is_a_count_or_none"
KEEPS = "test_its_state_keeps_structure_shapes_and_dtypes"
SHOWS = "test_it_shows_what_its_spaces_say"
ENDS = "test_a_transition_has_a_reward_and_two_ends"
ACCEPTS = "test_it_accepts_every_action"
FINITE = "test_random_play_gives_finite_numbers"
PURE = "test_the_same_inputs_give_the_same_transition"
REMEMBERS = "test_it_remembers_nothing_beside_its_state"
NOISE = "test_it_asks_for_the_same_noise_at_every_call"
COMPILES = "test_it_runs_in_a_compiled_loop"
DRAWN = "test_it_can_be_drawn"
TESTS = [name for name in dir(CompiledEnvironmentSuite) if name.startswith("test_")]
hidden: list[Any] = []
count = itertools.count()


@component
class Walk:
    """A walk on a line of eleven places from its middle to either end, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    @property
    def episode_limit(self) -> Any:
        return {"limit 0": 0, "limit 10.0": 10.0}.get(self.how, 50)

    def spaces(self) -> Any:
        dtype = tf.float32.name if self.how == "spaces by TensorFlow" else "float32"
        if self.how == "spaces by NumPy":
            dtype = np.float32  # type: ignore[assignment]
        observation = Array((2,), dtype, 0.0, 10.0)
        if self.how == "a plain pair":
            return observation, Discrete(3)
        return Spaces(observation, Discrete(3), 4 if self.how == "four environments" else 1)

    def reset(self, noise: Noise) -> Nest:
        place = tf.constant(5)
        if self.how == "no shape":
            place = tf.range(tf.cast(noise.integers((), 3), tf.int32))
        if self.how == "reset by numpy.random":
            place = tf.constant(np.random.randint(3, 8))
        return {"place": place, "luck": noise.uniform(())}

    def observe(self, state: Nest) -> Tensor:
        place = tf.cast(state["place"], tf.float32)
        match self.how:
            case "no shape":
                place = tf.reduce_sum(place)
            case "observes one number":
                return place
            case "observes float64":
                return tf.cast(tf.stack([place, 0.0]), tf.float64)
            case "leaves its bounds":
                place = -2.0 * place
        return tf.stack([place, state["luck"]])

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Any:
        place, luck = state["place"] + action - 1, noise.uniform(())
        reward: Any = tf.cast(place, tf.float32)
        terminated: Any = (place <= 0) | (place >= 10)
        match self.how:
            case "four-tuple":
                return {"place": place, "luck": luck}, reward, terminated, {}
            case "int64 place":
                place = tf.cast(place, tf.int64)
            case "loses its luck":
                return Transition({"place": place}, reward, terminated)
            case "no shape":
                return Transition({"place": state["place"], "luck": luck}, luck, luck > 0.5)
            case "reward float64":
                reward = tf.cast(place, tf.float64)
            case "reward (1,)":
                reward = reward[None]
            case "reward a float":
                reward = 1.0
            case "terminated int32":
                terminated = tf.cast(terminated, tf.int32)
            case "only two actions":
                reward = tf.gather([0.0, 1.0], action)
            case "divides by zero":
                reward = 1.0 / (reward - 5.0)
            case "tf.random":
                luck = tf.random.uniform(())
            case "numpy.random":
                reward = reward + np.random.random(1)[0]
            case "counts in Python":
                reward = reward + float(next(count))
            case "counts in a variable":
                if not hidden:
                    hidden.append(tf.Variable(0.0, name="times_asked"))
                reward = reward + hidden[0].assign_add(1.0)
            case "prints":
                tf.print("here")
            case "calls Python":
                reward = tf.numpy_function(np.sqrt, [reward], tf.float32)
                reward.set_shape(())
            case "noise in a loop":
                luck = tf.while_loop(
                    lambda turn, _: turn < 3, lambda turn, _: (turn + 1, noise.uniform(())), (0, luck)
                )[1]
            case "noise where it is needed":
                luck = tf.cond(place > 5, lambda: noise.uniform(()), lambda: luck)
            case "strings":
                reward = tf.strings.to_number(tf.strings.as_string(reward))
            case "misspelt":
                reward = tf.reduce_some(reward)
        return Transition({"place": place, "luck": luck}, reward, terminated)

    def render(self, state: Mapping[str, Any]) -> Any:
        line = np.zeros((1, 11, 3), np.uint8)
        line[0, state["place"]] = 255
        match self.how:
            case "draws floats":
                return line / 255.0
            case "draws in grey":
                return line[..., 0]
            case "draws by shape":
                return line[: state["place"].shape[0]]
        return line


def test_environment_that_keeps_the_contract_passes() -> None:
    for test in TESTS:
        getattr(type("TestWalk", (CompiledEnvironmentSuite,), {"component": Walk()})(), test)()


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("spaces by TensorFlow", PLAIN, "without the use of TensorFlow; found the use of tensorflow.float32"),
        ("spaces by NumPy", PLAIN, "dtypes by name ('float32'); found <class 'numpy.float32'>"),
        ("a plain pair", PLAIN, "rlkit.Spaces of one environment, without the use of TensorFlow; found tuple ("),
        ("four environments", PLAIN, "rlkit.Spaces of one environment"),
        ("limit 0", LIMIT, "Walk.episode_limit: the contract asks for None or a positive int; found int 0"),
        ("limit 10.0", LIMIT, "None or a positive int; found float 10.0"),
        ("four-tuple", ENDS, "Walk.step: the contract asks for an rlkit.Transition; found tuple ("),
        ("int64 place", KEEPS, "{place: int32(), luck: float32()}; found {place: int64(), luck: float32()}"),
        ("loses its luck", KEEPS, "{place: int32(), luck: float32()}; found {place: int32()}"),
        (
            "no shape",
            KEEPS,
            "Walk.reset: the contract asks for a state of static shapes; found {place: int32(None,)",
        ),
        (
            "observes one number",
            SHOWS,
            "Walk.observe: the contract asks for observations of float32, shape (2,); found",
        ),
        ("observes float64", SHOWS, "observations of float32, shape (2,); found float64 of shape (2,)"),
        ("leaves its bounds", SHOWS, "observations from 0 to 10; found -"),
        ("reward float64", ENDS, "reward of float32, shape (); found float64 of shape ()"),
        ("reward (1,)", ENDS, "reward of float32, shape (); found float32 of shape (1,)"),
        ("reward a float", ENDS, "a tensor as reward; found float 1.0"),
        ("terminated int32", ENDS, "terminated of bool, shape (); found int32 of shape ()"),
        ("only two actions", ACCEPTS, "a transition for every action of its space; found an exception, InvalidArg"),
        ("divides by zero", FINITE, "finite numbers; found reward = inf after "),
        ("tf.random", PURE, "no tf.random, numpy.random or random, nothing counted in Python); found that state_0 is "),
        ("numpy.random", PURE, "found that reward is "),
        ("counts in Python", PURE, "found that reward is "),
        ("reset by numpy.random", PURE, "Walk.reset: the contract asks for the same result"),
        ("tf.random", REMEMBERS, "random numbers from `noise` alone; found the operation RandomUniform"),
        ("counts in a variable", REMEMBERS, "all that it remembers in its state; found the variable 'times_asked:0'"),
        (
            "prints",
            REMEMBERS,
            "graph code without side effects, random numbers from `noise` alone; found the operation",
        ),
        ("calls Python", REMEMBERS, "found the operation PyFunc"),
        ("noise in a loop", NOISE, "NoiseInLoopError: noise was requested inside a tf.while_loop"),
        ("noise where it is needed", NOISE, "the same noise at every call, 2 floats and 0 integers as traced; found 1"),
        (
            "strings",
            COMPILES,
            "code that XLA compiles inside a tf.while_loop; found an exception, InvalidArgumentError",
        ),
        ("misspelt", COMPILES, "code that can be traced; found an exception, AttributeError"),
        (
            "draws floats",
            DRAWN,
            "uint8 of shape (height, width, 3), of a state in NumPy arrays; found float64 of shape",
        ),
        ("draws in grey", DRAWN, "found uint8 of shape (1, 11)"),
        ("draws by shape", DRAWN, "found an exception, IndexError"),
    ],
)
def test_broken_environment_is_told_what_is_wrong(
    how: str, test: str, words: str, sentence: Callable[..., str]
) -> None:
    assert words in sentence(CompiledEnvironmentSuite, Walk(how=how), test, steps=60)


@component
class Push:
    """A force on a mass: actions from a range, a state without names, noise of each sort, a cut of its own."""

    episode_limit: int | None = parameter(default=None, doc="steps", at_least=1)

    def spaces(self) -> Spaces:
        return Spaces(Array((2,), "float32"), Array((1,), "float32", -1.0, 1.0))

    def reset(self, noise: Noise) -> Nest:
        return noise.normal((2,)), tf.cast(noise.integers((), 5), tf.int32)

    def observe(self, state: Nest) -> Tensor:
        return state[0]

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        motion, turn = state
        velocity = 0.9 * motion[1] + 0.1 * action[0] + 0.01 * noise.normal(())
        after = tf.stack([motion[0] + 0.1 * velocity, velocity])
        return Transition((after, turn + 1), -tf.square(after[0]), tf.constant(False), turn >= 20)


@pytest.mark.parametrize("test", TESTS)
def test_environment_with_continuous_actions_passes(test: str) -> None:
    getattr(type("TestPush", (CompiledEnvironmentSuite,), {"component": Push()})(), test)()


def test_tensorflow_is_back_after_spaces_were_read() -> None:
    getattr(type("TestWalk", (CompiledEnvironmentSuite,), {"component": Walk()})(), PLAIN)()
    assert tf.constant(1.0).dtype is tf.float32


@component
class Ladder(Walk):
    """The walk, which forbids to step down from the middle, unless `how` says otherwise."""

    def allowed(self, state: Nest) -> Any:
        place = state["place"]
        match self.how:
            case "a mask for two":
                return tf.stack([place > 5, True])
            case "numbers":
                return tf.constant([1, 1, 1])
            case "nothing is allowed":
                return tf.stack([place > 5] * 3)
        return tf.stack([place > 5, True, True])

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        moved = super().step(state, action, noise)
        forbidden = (action == 0) & (state["place"] <= 5)
        return moved._replace(reward=tf.where(forbidden, np.nan, moved.reward))


@pytest.mark.parametrize("test", TESTS)
def test_environment_with_a_mask_is_played_by_its_rules(test: str) -> None:
    getattr(type("TestLadder", (CompiledEnvironmentSuite,), {"component": Ladder(), "steps": 40})(), test)()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("a mask for two", "Ladder.allowed: the contract asks for bool of shape (3,); found bool of shape (2,)"),
        ("numbers", "Ladder.allowed: the contract asks for bool of shape (3,); found int32 of shape (3,)"),
        ("nothing is allowed", "an action that is allowed, unless the episode terminated; found none"),
    ],
)
def test_broken_mask_is_told(how: str, words: str, sentence: Callable[..., str]) -> None:
    test = "test_its_mask_allows_an_action_until_the_end"
    assert words in sentence(CompiledEnvironmentSuite, Ladder(how=how), test, steps=40)
