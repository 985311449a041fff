"""What the agent demands of its parts and of the environment."""

from __future__ import annotations

import numpy as np
import pytest

from rlkit import Array, Discrete, ParameterError, Spaces
from rlkit_dqn import DQN, UniformBuffer

CARTPOLE = Spaces(Array((4,), "float32"), Discrete(2))


def test_defaults_fit_together():
    DQN().check(CARTPOLE)


def test_continuous_actions_are_refused():
    with pytest.raises(ValueError, match="needs discrete ones; this environment's action is a float32 array"):
        DQN().check(Spaces(Array((4,), "float32"), Array((1,), "float32")))


def test_batch_beyond_the_buffer_is_refused():
    with pytest.raises(ParameterError, match=r"found 64; allowed: at most buffer.capacity \(63\)") as refused:
        DQN(buffer=UniformBuffer(capacity=63)).check(CARTPOLE)
    assert refused.value.parameter == "batch_size"
    DQN(buffer=UniformBuffer(capacity=64)).check(CARTPOLE)


@pytest.mark.parametrize("learning_starts", [63, 1001])
def test_learning_starts_between_batch_and_capacity(learning_starts):
    agent = DQN(learning_starts=learning_starts, buffer=UniformBuffer(capacity=1000))
    with pytest.raises(ParameterError, match=f"found {learning_starts}") as refused:
        agent.check(CARTPOLE)
    assert refused.value.parameter == "learning_starts"


@pytest.mark.parametrize(
    ("parameter", "value"), [("gamma", 1.01), ("gamma", -0.1), ("batch_size", 0), ("update_every", 0)]
)
def test_parameters_have_ranges(parameter, value):
    with pytest.raises(ParameterError) as refused:
        DQN(**{parameter: value})
    assert refused.value.parameter == parameter


def test_learning_is_due_on_the_document_s_clock():
    learner = DQN().build(CARTPOLE)
    for stored in (1, 63, 64, 50_000):
        for episode_step in range(13):
            due = learner.due(None, np.array([episode_step], np.int64), stored)
            assert due.shape == (1,)
            assert bool(due[0]) == (episode_step % 4 == 0 and stored >= 64)


def test_learning_starts_delays_the_first_learning_step():
    learner = DQN(learning_starts=100).build(CARTPOLE)
    steps = np.array([0, 4, 5], np.int64)
    assert not learner.due(None, steps, 99).any()
    assert learner.due(None, steps, 100).tolist() == [True, True, False]
