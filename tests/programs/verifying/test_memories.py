"""An agent begins its episodes with the same memory whenever it is built."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import (
    Act,
    Array,
    Buffer,
    Call,
    Discrete,
    Due,
    Learned,
    Nest,
    Sample,
    Sampling,
    Seen,
    Spaces,
    component,
    parameter,
)
from rlkit.programs.making import check_again, trace_parts
from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit_dqn import UniformBuffer

PLACE = r"\(.*test_memories.py:\d+\)"
SPACES = Spaces(Array((4,), "float32"), Discrete(3))


class Recurrent(keras.layers.Layer):
    def initial_state(self, rows: int) -> Any:
        return tf.constant(np.random.random((rows, 2)), tf.float32)

    def call(self, inputs: Any) -> Any:
        return inputs


@component
class Agent:
    """Remembers as `how` says."""

    how: str = parameter(doc="what is wrong")
    buffer: Buffer = UniformBuffer(capacity=100)

    @property
    def sampling(self) -> Sampling:
        return Sampling(4)

    @property
    def due(self) -> Due:
        return Due(1, first=4)

    def build(self, spaces: Spaces) -> Any:
        return Working(self.how)


class Working:
    def __init__(self, how: str) -> None:
        self.how, self.layer = how, Recurrent() if how == "by the network" else None

    def initial_memory(self, environments: int) -> Nest:
        if self.layer is not None:
            return self.layer.initial_state(environments)
        if self.how == "drawn":
            return tf.constant(np.random.random((environments, 2)), tf.float32)
        return tf.constant(np.random.default_rng(1).random((environments, 2)), tf.float32)

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Act:
        return Act(tf.zeros(seen.first.shape, tf.int32), memory, {})

    def learn(self, sample: Sample, call: Call) -> Learned:
        return Learned({"loss": tf.reduce_mean(sample.steps.reward)}, sample.weight)


def check(how: str) -> None:
    agent = Agent(how=how)
    check_again(trace_parts(agent, agent.buffer, SPACES), agent, agent.buffer, SPACES, None)


@pytest.mark.parametrize(
    ("how", "who"),
    [("drawn", "agent Agent, initial_memory"), ("by the network", "network Recurrent, initial_state")],
)
def test_a_memory_that_is_drawn_is_refused(how: str, who: str) -> None:
    with pytest.raises(HiddenRandomnessError, match=rf"^{who} {PLACE}: returned other numbers when .*seen.first"):
        check(how)


def test_numbers_that_are_always_the_same_pass() -> None:
    check("")
