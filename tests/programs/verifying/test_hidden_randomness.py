"""Graph code that hides randomness or state is refused before the first step, with its place."""

from __future__ import annotations

import dataclasses
import itertools
import time
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Call, Discrete, Seen, Spaces, Tensor, component, greedy, parameter
from rlkit.programs.making import check_again, trace_parts
from rlkit.programs.state import UnreachableStateError
from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit_dqn import DQN, MLP, SGD

SMALL = DQN(batch_size=4, network=MLP(hidden=()), optimizer=SGD())
"""Of few operations: what takes long here is to trace them."""
counter = itertools.count()
generator = tf.random.Generator.from_seed(1)
PLACE = r"\(.*test_hidden_randomness.py:\d+\)"


@component
class Hiding:
    """Chooses as `how` says."""

    how: str = parameter(doc="what is wrong")

    def select(self, values: Tensor, seen: Seen, call: Call) -> Any:
        match self.how:
            case "tf.random":
                return tf.random.uniform((1,), 0, 2, tf.int32)
            case "shuffle":
                return tf.random.shuffle(tf.range(2))[:1]
            case "in a loop":
                (drawn,) = tf.while_loop(
                    lambda drawn: drawn < 1, lambda drawn: [drawn + tf.random.uniform((), 0, 2, tf.int32)], [0]
                )
                return tf.fill((1,), drawn)
            case "in a nested function":
                return greedy(nested(values), seen.allowed)
            case "generator":
                return generator.uniform((1,), 0, 2, tf.int32)
            case "keras.random":
                return keras.random.randint((1,), 0, 2, "int32")
            case "dropout":
                return greedy(tf.nn.dropout(values, 0.5), seen.allowed)
            case "numpy.random":
                return tf.constant(np.random.randint(0, 10**6, 1), tf.int32) % 2
            case "clock":
                return tf.constant([time.monotonic_ns() % 10**9], tf.int32) % 2
            case "counter":
                return tf.constant([next(counter)], tf.int32) % 2
            case "graph's clock":
                return tf.cast(tf.reshape(tf.timestamp() % 2.0, (1,)), tf.int32)
            case "order":
                return greedy(sum([values] * (1 + next(counter))), seen.allowed)
        return greedy(values, seen.allowed)


@tf.function(autograph=False)
def nested(values: Tensor) -> Tensor:
    return values + tf.random.normal(values.shape)


@component
class Built:
    """Works in a part that is made by `build`."""

    how: str = parameter(doc="what is wrong")

    def build(self, spaces: Any) -> Any:
        return Working(self.how)


class Working:
    def __init__(self, how: str) -> None:
        self.how, self.calls = how, 0
        self.draws = 1 + next(counter) if how == "now and then" else 0
        self.table = tf.constant(np.random.random(2), tf.float32) if how == "tensor" else tf.zeros(2)
        self.start = tf.Variable(np.random.random(2) if how == "variable" else [0.0, 0.0], dtype=tf.float32)
        hidden = tf.Variable(1.0) if how == "unreachable" else 0.0
        self.reads = lambda: hidden

    def select(self, values: Tensor, seen: Seen, call: Call) -> Any:
        if self.how == "own counter":
            self.calls += 1
        if self.draws:
            values += tf.reduce_sum(call.noise.uniform((self.draws,)))
        late = 1.0 if self.calls > 9 else 0.0  # the same graph whenever it is built anew
        return greedy(values + self.table + self.start + self.reads() + late, seen.allowed)


@component
class Network:
    """One layer of its own before the features."""

    how: str = parameter(doc="what is wrong")

    def build(self, inputs: Any, units: int | None = None) -> Any:
        match self.how:
            case "unknown initialiser":
                layers = [keras.layers.Dense(4, kernel_initializer=Odd())]
            case "identity":
                layers = [keras.layers.Dense(4, kernel_initializer="identity")]
            case "constant of its own":
                layers = [Scaled(np.random.random(4).astype(np.float32))]
            case "dropout":
                layers = [keras.layers.Dropout(0.5)]
        network = keras.Sequential([*layers, keras.layers.Dense(4)])
        network.build((None, *inputs.shape))
        return network


class Odd(keras.initializers.Initializer):
    def __call__(self, shape: Any, dtype: Any = None, **_: Any) -> Any:
        return keras.random.normal(shape, dtype=dtype)


class Scaled(keras.layers.Layer):
    def __init__(self, scale: Any) -> None:
        super().__init__()
        self.scale = scale

    def call(self, inputs: Any) -> Any:
        return inputs * self.scale


def check(**parts: Any) -> None:
    agent, spaces = dataclasses.replace(SMALL, **parts), Spaces(Array((4,), "float32"), Discrete(2))
    check_again(trace_parts(agent, agent.buffer, spaces), agent, agent.buffer, spaces, None)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (
            "tf.random",
            rf"^learner.act: exploration Hiding, select {PLACE} draws by .* RandomUniformInt, .* draw from call.noise",
        ),
        ("shuffle", rf"exploration Hiding, select {PLACE} draws by .* RandomShuffle"),
        ("in a loop", rf"exploration Hiding, select {PLACE} draws by .* RandomUniformInt"),
        ("in a nested function", rf"nested {PLACE} draws by .* RandomStandardNormal"),
        ("generator", rf"exploration Hiding, select {PLACE} draws by .* RngReadAndSkip"),
        ("dropout", rf"exploration Hiding, select {PLACE} draws by .* RandomUniform,"),
        (
            "numpy.random",
            rf"^learner.act: exploration Hiding, select {PLACE} makes another constant when it is built",
        ),
        ("clock", rf"exploration Hiding, select {PLACE} makes another constant"),
        ("counter", rf"exploration Hiding, select {PLACE} makes another constant"),
        ("graph's clock", rf"exploration Hiding, select {PLACE} reads the clock by TensorFlow's operation Timestamp"),
        ("order", rf"exploration Hiding, select {PLACE} makes other code"),
    ],
)
def test_an_exploration_with_randomness_of_its_own_is_refused(how: str, words: str) -> None:
    with pytest.raises(HiddenRandomnessError, match=words):
        check(exploration=Hiding(how=how))


def test_a_generator_of_keras_is_refused_as_state_that_nobody_keeps() -> None:
    with pytest.raises(
        UnreachableStateError, match=rf"learner.act: exploration Hiding, select {PLACE} .*draw from call.noise"
    ):
        check(exploration=Hiding(how="keras.random"))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("tensor", rf"^learner.act: exploration Built, select {PLACE} uses another tensor"),
        ("now and then", rf"^learner.act: exploration Built, select {PLACE} asks for other noise or inputs when it is"),
        ("own counter", r"^exploration Built: its attribute calls was 0 before its methods were traced, and is \d now"),
        (
            "variable",
            rf"learner.exploration.start, made by exploration Built, __init__ {PLACE}, begins as .*begin\(call\)",
        ),
    ],
)
def test_a_working_part_that_is_another_when_it_is_built_again_is_refused(how: str, words: str) -> None:
    with pytest.raises(HiddenRandomnessError, match=words):
        check(exploration=Built(how=how))


def test_a_variable_in_a_closure_is_named_with_the_lines_that_made_and_use_it() -> None:
    words = (
        rf"^learner.act: exploration Built, select {PLACE} uses the variable .* "
        rf"made by exploration Built, __init__ {PLACE}, to which no"
    )
    with pytest.raises(UnreachableStateError, match=words):
        check(exploration=Built(how="unreachable"))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("unknown initialiser", rf"torso.0.kernel, made by network Network, build {PLACE}, begins as .* begin\(call\)"),
        ("constant of its own", rf"network Network, Scaled.call {PLACE} makes another constant"),
    ],
)
def test_a_network_that_begins_as_another_generator_draws_it_is_refused(how: str, words: str) -> None:
    with pytest.raises(HiddenRandomnessError, match=words):
        check(network=Network(how=how))


@pytest.mark.parametrize("how", ["identity", "dropout"])
def test_what_the_core_draws_or_nobody_draws_is_no_hindrance(how: str) -> None:
    check(network=Network(how=how))


def test_parts_without_randomness_pass() -> None:
    check(exploration=Hiding(how=""))
    check(exploration=Built(how=""))
