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
    parameter,
)
from rlkit.testing import AgentSuite
from rlkit_dqn.buffers.uniform import UniformBuffer

ACTS = "test_it_acts_within_the_action_space"
LEARNS = "test_it_learns_from_a_sample"
SAYS = "test_it_says_how_it_samples_and_when_it_learns"
RUNS = "test_it_learns_and_a_seed_repeats_it"
PURE = "test_the_same_inputs_give_the_same_results"
FINDS = "test_the_core_finds_all_its_state"
hidden: list[Any] = []


@component
class Broken:
    """Acts at random and learns the mean reward, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")
    buffer: Buffer = parameter(default=UniformBuffer(capacity=100), doc="which rows")

    def check(self, spaces: Spaces) -> None:
        if self.how == "serves nobody":
            raise ValueError("not here")

    @property
    def sampling(self) -> Any:
        return (4, 1) if self.how == "samples a pair" else Sampling(4)

    @property
    def due(self) -> Any:
        if self.how == "due by the hour":
            return Due(1, clock="hour", first=4)  # type: ignore[arg-type]
        return Due(1, first={"never learns": 10**6, "learns from nothing": 0}.get(self.how, 4))

    def build(self, spaces: Spaces) -> BrokenLearner:
        return BrokenLearner(self.how, spaces)


class BrokenLearner:
    def __init__(self, how: str, spaces: Spaces) -> None:
        assert isinstance(spaces.action, Discrete)
        self.how, self.actions = how, spaces.action.n
        self.mean = tf.Variable(0.0)

    def initial_memory(self, environments: int) -> Nest:
        return ()

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Any:
        action = tf.cast(call.noise.integers(seen.first.shape, self.actions), tf.int32)
        match self.how:
            case "float actions":
                action = tf.cast(action, tf.float32)
            case "one action for all":
                action = action[:1]
            case "beyond the actions when greedy" if not explore:
                action = action + self.actions
            case "grows its memory":
                memory = (action,)
            case "no Act":
                return action
            case "tf.random":
                action = tf.random.uniform(action.shape, 0, self.actions, tf.int32)
        return Act(action, memory, {})

    def learn(self, sample: Sample, call: Call) -> Learned:
        error = sample.steps.reward[:, 0] - self.mean
        self.mean.assign_add(0.1 * tf.reduce_mean(error))
        loss = tf.reduce_mean(tf.square(error))
        match self.how:
            case "diverges":
                loss = loss / tf.cast(call.progress.update < 3, tf.float32)
            case "no loss":
                return Learned({"error": loss}, tf.abs(error))
            case "loss by row":
                return Learned({"loss": tf.square(error)}, tf.abs(error))
            case "one priority":
                return Learned({"loss": loss}, loss)
            case "global variable":
                if not hidden:
                    hidden.append(tf.Variable(0.0, name="best_loss"))
                hidden[0].assign(tf.minimum(hidden[0], loss))
        return Learned({"loss": loss}, tf.abs(error))


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("samples a pair", SAYS, "Broken.sampling: the contract asks for an rlkit.Sampling; found tuple (4, 1)"),
        ("due by the hour", SAYS, "a clock of step, episode_step, time, episode_end, learning every so often"),
        ("learns from nothing", SAYS, "first when a sample is stored; found Due(every=1"),
        ("serves nobody", ACTS, "an agent that can serve the suite's `environment`"),
        ("float actions", ACTS, "Broken.act: the contract asks for int32 actions of shape (1,); found float32"),
        ("one action for all", ACTS, "int32 actions of shape (3,); found int32 of shape (1,)"),
        ("beyond the actions when greedy", ACTS, "actions from 0 to 1; found ["),
        ("grows its memory", ACTS, "memory as initial_memory has it, (); found ('int32 of shape (1,)',)"),
        ("no Act", ACTS, "an Act; found int32 of shape (1,)"),
        (
            "tf.random",
            PURE,
            "draws by TensorFlow's operation RandomUniformInt, whose numbers do not follow from the run's",
        ),
        ("no loss", LEARNS, "a metric `loss`; found the metrics error"),
        ("loss by row", LEARNS, "float32 metric 'loss' of shape (); found float32 of shape (4,)"),
        ("one priority", LEARNS, "float32 priorities of shape (4,); found float32 of shape ()"),
        ("diverges", RUNS, "found that learning diverged at update 3"),
        ("never learns", RUNS, "an agent that learns within 20 steps"),
        ("global variable", FINDS, "'best_loss:0' float32()"),
    ],
)
def test_broken_agent_is_told_what_is_wrong(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(AgentSuite, Broken(how=how), test, steps=20)


def test_agent_without_a_buffer_is_told_that_no_loop_runs_it(sentence: Callable[..., str]) -> None:
    @component
    class Bufferless:
        """Has no buffer."""

        sampling, due = Sampling(4), Due(1, first=4)

        def build(self, spaces: Spaces) -> BrokenLearner:
            return BrokenLearner("", spaces)

    assert "Bufferless has no part of the kind buffer" in sentence(AgentSuite, Bufferless(), RUNS)
