"""A working agent that is wrong says so when it is traced."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf

from rlkit import Act, Array, Buffer, Call, Due, Learned, Nest, Sample, Sampling, Seen, Spaces, component, parameter
from rlkit_dqn import UniformBuffer
from tests.programs.guarding.tracing import SPACES, refused, traced


@component
class Agent:
    """Does as `how` says."""

    how: str = parameter(doc="what is wrong")
    buffer: Buffer = parameter(default=UniformBuffer(capacity=100))

    @property
    def sampling(self) -> Sampling:
        return Sampling(4)

    @property
    def due(self) -> Due:
        return Due(1, first=4)

    def build(self, spaces: Spaces) -> Any:  # build
        if self.how == "a class":
            return Working
        return None if self.how == "nothing" else Working(self.how)


class Working:
    """The working agent."""

    def __init__(self, how: str) -> None:
        self.how = how

    def initial_memory(self, environments: int) -> Nest:  # start
        if self.how == "memory at the start":
            return tf.zeros(2)
        return {"sum": tf.zeros((environments, 2))}

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Any:  # act
        action, extras = tf.zeros(seen.first.shape, tf.int32), {"value": tf.zeros(seen.first.shape)}  # plain
        if self.how == "a pair":
            return action, memory
        if self.how == "float actions":
            action = tf.zeros(seen.first.shape)  # float actions
        if self.how == "columns of actions":
            action = tf.zeros((*seen.first.shape, 1), tf.int32)  # columns of actions
        if self.how == "other memory":
            memory = {"sum": tf.zeros((*seen.first.shape, 3))}  # other memory
        if self.how == "more memory":
            memory = (memory, memory)
        if self.how == "extras of one":
            extras = {"value": tf.zeros(())}  # extras of one
        if self.how == "extras are a tensor":
            return Act(action, memory, extras["value"])  # type: ignore[arg-type]
        return Act(action, memory, extras)

    def begin(self, call: Call) -> Any:
        return tf.zeros(()) if self.how == "begin" else None  # begin

    def learn(self, sample: Sample, call: Call) -> Any:  # learn
        loss, priority = tf.reduce_mean(sample.steps.reward), sample.weight  # the loss
        if self.how == "no loss":
            return Learned({"error": loss}, priority)
        if self.how == "losses":
            loss = tf.abs(sample.steps.reward)  # losses
        if self.how == "a number":
            return Learned({"loss": loss, "share": 0.5}, priority)
        if self.how == "priority":
            priority = tf.reduce_mean(sample.weight)  # priority
        return loss if self.how == "loss alone" else Learned({"loss": loss}, priority)


ACT, LEARN = "agent Agent, act {at}: ", "agent Agent, learn {at}: "
WORKING = "allowed: an object with the method initial_memory"


@pytest.mark.parametrize(
    ("how", "at", "message"),
    [
        ("nothing", "build", f"agent Agent, build {{at}}: returned None (is a return missing?); {WORKING}"),
        ("a class", "build", "agent Agent, build {at}: returned the class Working; allowed: an object of it"),
        (
            "memory at the start",
            "start",
            "agent Agent, initial_memory {at}: returned a leaf float32 (2,); allowed: a tensor of shape (1, …)",
        ),
        ("a pair", "act", ACT + "returned tuple (…); allowed: a Act(action, memory, extras)"),
        ("float actions", "float actions", ACT + "returned action float32 (1,); allowed: int32 (1,)"),
        ("columns of actions", "columns of actions", ACT + "returned action int32 (1, 1); allowed: int32 (1,)"),
        ("other memory", "other memory", ACT + "returned memory float32 (1, 3); allowed: float32 (1, 2)"),
        ("more memory", "act", ACT + "returned memory tuple (…); allowed: the structure of initial_memory's"),
        (
            "extras of one",
            "extras of one",
            ACT + "returned extras['value'] float32 (); allowed: a tensor of shape (1, …)",
        ),
        (
            "extras are a tensor",
            "plain",
            ACT + "returned extras float32 (1,); allowed: a dict of tensors with a row for each environment",
        ),
        ("begin", "begin", "agent Agent, begin {at}: returned float32 (); allowed: nothing is returned"),
        ("no loss", "learn", LEARN + "returned metrics dict with 'error'; allowed: a dict with 'loss'"),
        ("losses", "losses", LEARN + "returned metrics['loss'] float32 (4, 1); allowed: float32 ()"),
        ("a number", "learn", LEARN + "returned metrics['share'] float 0.5; allowed: float32 ()"),
        ("priority", "priority", LEARN + "returned priority float32 (); allowed: float32 (4,)"),
        ("loss alone", "the loss", LEARN + "returned float32 (); allowed: a Learned(metrics, priority)"),
    ],
)
def test_a_learner_is_held_to_its_contract(how: str, at: str, message: str) -> None:
    refused(__file__, at, message, agent=Agent(how=how))


def test_a_learner_without_fault_passes() -> None:
    parts = traced(Agent(how=""))
    assert set(parts.shapes.columns) >= {"extra_value"} and parts.shapes.metrics == ("loss",)


def test_float32_serves_for_float64_actions() -> None:
    class Continuous(Working):
        def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Act:
            return Act(tf.zeros((*seen.first.shape, 2)), memory, {})

    @component
    class Actor(Agent):
        def build(self, spaces: Spaces) -> Any:
            return Continuous("")

    traced(Actor(how=""), SPACES._replace(action=Array((2,), "float64", -1.0, 1.0)))
