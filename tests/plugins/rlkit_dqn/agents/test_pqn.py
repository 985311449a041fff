"""PQN: its parameters, and a rollout's learning against NumPy."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

import rlkit
from rlkit import Array, Discrete, Due, ParameterError, Sampling, Spaces
from rlkit_dqn import MLP, PQN, SGD, C51Head, Huber, SquaredError
from rlkit_dqn.agents.pqn_learner import PQNLearner
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call, noise

CARTPOLE = Spaces(Array((4,), "float32"), Discrete(2), environments=4)
RATE, GAMMA, LENGTH = 0.1, 0.9, 6


def built(**parameters) -> PQNLearner:
    keras.utils.set_random_seed(1)
    linear = {"network": MLP(hidden=()), "optimizer": SGD(learning_rate=RATE), "gamma": GAMMA, "length": LENGTH}
    return PQN(**{**linear, "trace_decay": 0.0, **parameters}).build(CARTPOLE)


def rollout():
    return random_sample(3, rows=4, length=LENGTH)


def test_it_learns_from_rollouts_of_all_environments_and_needs_no_buffer():
    agent = PQN(length=8)
    assert (agent.sampling, agent.due) == (Sampling.rollout(8), Due(8, clock="time"))
    assert not hasattr(agent, "buffer")
    assert (agent.loss, PQN(head=C51Head()).loss) == (SquaredError(), None)


@pytest.mark.parametrize(
    ("wrong", "parameter", "said"),
    [
        ({"minibatches": 5}, "minibatches", "found 5; allowed: what divides 24, 6 steps of 4 environments"),
        ({"head": C51Head(), "loss": Huber()}, "loss", "beside the head c51, which has a loss of its own"),
    ],
)
def test_what_does_not_fit_is_refused(wrong, parameter, said):
    with pytest.raises(ParameterError, match=said) as refused:
        PQN(length=LENGTH, **wrong).check(CARTPOLE)
    assert refused.value.parameter == parameter


def test_actions_that_are_not_discrete_are_refused():
    with pytest.raises(ValueError, match="agent pqn compares the values of single actions"):
        PQN().check(CARTPOLE._replace(action=Array((1,), "float32")))


def test_one_minibatch_of_one_epoch_is_a_step_of_gradient_descent_as_numpy_has_it():
    learner, sample = built(epochs=1, minibatches=1), rollout()
    kernel, bias = (weight.numpy().astype(np.float64) for weight in learner.online.trainable_variables)
    steps = {name: np.asarray(value) for name, value in sample.steps._asdict().items() if name != "extras"}
    observation, action = steps["observation"].reshape(-1, 4), steps["action"].reshape(-1)
    following = (steps["next_observation"].reshape(-1, 4) @ kernel + bias).max(-1) * ~steps["terminated"].reshape(-1)
    goal = steps["reward"].reshape(-1) + GAMMA * following
    taken = np.eye(2)[action]
    error = goal - ((observation @ kernel + bias) * taken).sum(-1)
    slope = -2.0 * error[:, None] * taken / len(goal)
    learned = learner.learn(sample, call(noise(uniforms=24)))
    found = [weight.numpy() for weight in learner.online.trainable_variables]
    np.testing.assert_allclose(found[0], kernel - RATE * observation.T @ slope, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found[1], bias - RATE * slope.sum(0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(learned.metrics["loss"], np.square(error).mean(), rtol=1e-4)
    np.testing.assert_allclose(learned.metrics["q_value"], goal.mean(), rtol=1e-4)


def test_each_epoch_learns_from_every_step_once_in_an_order_of_its_own():
    learner, seen = built(epochs=2, minibatches=3), []

    def learning_step(observation, action, goal, size, now):
        seen.append(observation.numpy())
        return tf.constant(0.0), tf.zeros((size,))

    learner._learning_step = learning_step
    sample = rollout()
    learner.learn(sample, call(noise(uniforms=48)))
    everything = np.sort(sample.steps.observation.numpy().reshape(-1, 4), axis=0)
    assert [len(batch) for batch in seen] == [8] * 6
    epochs = np.concatenate(seen[:3]), np.concatenate(seen[3:])
    for epoch in epochs:
        np.testing.assert_array_equal(np.sort(epoch, axis=0), everything)
    assert (epochs[0] != epochs[1]).any()


def test_the_experiment_names_it():
    experiment = rlkit.load("cartpole_pqn")
    assert (experiment.agent.trace_decay, experiment.spaces.environments) == (0.95, 32)
