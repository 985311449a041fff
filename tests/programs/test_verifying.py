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
from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit_dqn import DQN

counter = itertools.count()


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
            case "dropout":
                return greedy(tf.nn.dropout(values, 0.5), seen.allowed)
            case "numpy.random":
                return tf.constant(np.random.randint(0, 10**6, 1), tf.int32) % 2
            case "clock":
                return tf.constant([time.monotonic_ns() % 10**9], tf.int32) % 2
            case "counter":
                return tf.constant([next(counter)], tf.int32) % 2
        return greedy(values, seen.allowed)


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
    agent = dataclasses.replace(DQN(batch_size=4), **parts)
    parts = (agent, agent.buffer, Spaces(Array((4,), "float32"), Discrete(2)))
    check_again(trace_parts(*parts), *parts, None)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("tf.random", r"learner.act: Hiding.select \(.*test_verifying.py:\d+\) draws by .* RandomUniformInt"),
        ("shuffle", r"learner.act: Hiding.select \(.*test_verifying.py:\d+\) draws by .* RandomShuffle"),
        ("in a loop", r"learner.act: .*test_verifying.py:\d+\) draws by TensorFlow's operation RandomUniformInt"),
        ("dropout", r"learner.act: Hiding.select .* draws by TensorFlow's operation RandomUniform"),
        ("numpy.random", r"learner.act: Hiding.select \(.*test_verifying.py:\d+\) makes another constant"),
        ("clock", r"learner.act: Hiding.select \(.*test_verifying.py:\d+\) makes another constant"),
        ("counter", r"learner.act: Hiding.select \(.*test_verifying.py:\d+\) makes another constant"),
    ],
)
def test_an_exploration_with_randomness_of_its_own_is_refused(how: str, words: str) -> None:
    with pytest.raises(HiddenRandomnessError, match=words):
        check(exploration=Hiding(how=how))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("unknown initialiser", r"torso.0.kernel, made by .*test_verifying.py:\d+.*draw it in begin\(call\)"),
        ("constant of its own", r"Scaled.call \(.*test_verifying.py:\d+\) makes another constant when it is built"),
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
