"""Agents that remember, learn from windows and rollouts, or begin with something of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf

from rlkit import (
    Act,
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
    greedy,
    parameter,
)
from rlkit.testing import AgentSuite
from rlkit_dqn.buffers.uniform import UniformBuffer

TESTS = [name for name in dir(AgentSuite) if name.startswith("test_")]
ACTS = "test_it_acts_within_the_action_space"
LEARNS = "test_it_learns_from_a_sample"
SAYS = "test_it_says_how_it_samples_and_when_it_learns"
RUNS = "test_it_learns_and_a_seed_repeats_it"


@component
class Rollouts:
    """Learns the mean reward of the newest steps of every environment."""

    how: str = parameter(default="", doc="what is wrong")

    @property
    def sampling(self) -> Sampling:
        if self.how == "samples by TensorFlow":
            return Sampling.rollout(int(tf.constant(4)))
        return Sampling.rollout(4)

    @property
    def due(self) -> Due:
        return Due(4, clock="time")

    def build(self, spaces: Spaces) -> Remembering:
        return Remembering(self.how, spaces)


@component
class Windows(Rollouts):
    """The same from windows of a buffer, with steps before them."""

    buffer: Buffer = parameter(default=UniformBuffer(capacity=100), doc="which rows")

    @property
    def sampling(self) -> Sampling:
        return Sampling(5, length=3, before=2)

    @property
    def due(self) -> Due:
        return Due(1, clock="episode_end", first=20, times=2)


class Remembering:
    """Counts its steps, prefers the action that was counted, and stores with each step what it counted."""

    def __init__(self, how: str, spaces: Spaces) -> None:
        assert isinstance(spaces.action, Discrete)
        self.how, self.actions, self.environments = how, spaces.action.n, spaces.environments
        self.mean, self.bias = tf.Variable(0.0), tf.Variable(tf.zeros(self.actions))

    def begin(self, call: Call) -> Any:
        self.bias.assign(0.1 * call.noise.uniform((self.actions,)))
        return self.bias if self.how == "begin returns something" else None

    def initial_memory(self, environments: int) -> Nest:
        count = tf.zeros((environments,) if self.how != "one memory for all" else (), tf.int32)
        return {"count": count, "trace": (tf.zeros((environments, 2)),)}

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Act:
        count, (trace,) = memory["count"] + 1, memory["trace"]
        trace = 0.5 * trace + tf.stack([seen.previous_reward, tf.cast(seen.first, tf.float32)], axis=1)
        if self.how == "a memory that is infinite":
            trace = trace / tf.cast(count[:, None] < 3, tf.float32)
        values = tf.one_hot(count % self.actions, self.actions) + self.bias
        if explore:
            values = values + call.noise.gumbel(values.shape)
        extras = {"count": count[:1] if self.how == "one extra for all" else count}
        return Act(greedy(values, seen.allowed), {"count": count, "trace": (trace,)}, extras)

    def learn(self, sample: Sample, call: Call) -> Learned:
        valid = tf.cast(sample.valid, tf.float32)
        if self.how == "counts on the last step":
            valid = valid / valid[:, -1:]
        error = valid * (sample.steps.reward - self.mean) + 0.0 * tf.cast(sample.steps.extras["count"], tf.float32)
        self.mean.assign_add(0.1 * tf.reduce_mean(error))
        surprise = tf.reduce_mean(tf.abs(error), axis=1)
        return Learned({"loss": tf.reduce_mean(sample.weight * surprise)}, surprise)


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("suite", [Windows(), Rollouts()], ids=["windows", "rollouts"], indirect=True)
def test_agent_that_remembers_conforms(suite: type[AgentSuite], test: str) -> None:
    getattr(suite(), test)()


@pytest.fixture(scope="module")
def suite(request: pytest.FixtureRequest) -> type[AgentSuite]:
    return type("TestRemembering", (AgentSuite,), {"component": request.param, "steps": 40})


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("samples by TensorFlow", SAYS, "plain data, without the use of TensorFlow; found an exception, ImportError"),
        ("one memory for all", ACTS, "Rollouts.initial_memory: the contract asks for a row for each of 1 environments"),
        ("a memory that is infinite", ACTS, "Rollouts.act: the contract asks for finite memory; found"),
        ("one extra for all", ACTS, "extras, 'count' among them, of (3, …); found int32 of shape (1,)"),
        ("begin returns something", LEARNS, "Rollouts.begin: the contract asks for assignments, and nothing returned"),
    ],
)
def test_broken_memory_is_told(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(AgentSuite, Rollouts(how=how), test, steps=40)


def test_agent_that_counts_on_rows_of_full_length_is_found(sentence: Callable[..., str]) -> None:
    assert "finite priorities" in sentence(AgentSuite, Windows(how="counts on the last step"), LEARNS)
