"""Agents with a bonus."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Spaces, component
from rlkit_dqn import DQN, MLP, PQN, HashCounts, NoTargetNetwork, RandomNetwork
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call, noise, seen

SPACES = Spaces(Array((4,), "float32"), Discrete(2))


class Told:
    """Twice the first number of each observation; keeps what it was told."""

    def __init__(self):
        self.seen_, self.learned = [], []

    def value(self, sample, call):
        return 2.0 * sample.steps.observation[..., 0]

    def seen(self, seen, call):
        self.seen_.append(seen)

    def learn(self, sample, call):
        self.learned.append((sample, call))


@component
class Telling:
    """A bonus that tells what it was told."""

    def build(self, spaces):
        return Told()


def built(agent=DQN, **parameters):
    keras.utils.set_random_seed(1)
    learner = agent(network=MLP(hidden=(8,)), **parameters).build(SPACES)
    if hasattr(learner, "begin"):
        learner.begin(call())
    return learner


def with_rewards(sample):
    reward = sample.steps.reward + 2.0 * sample.steps.observation[..., 0]
    return sample._replace(steps=sample.steps._replace(reward=reward))


def test_a_target_sums_the_bonuses_of_its_steps():
    parameters = {"n_step": 3, "gamma": 0.5, "target_update": NoTargetNetwork()}
    learner, plain = built(bonus=Telling(), **parameters), built(**parameters)
    sample = random_sample(0, rows=8, length=3)
    valid = tf.constant(np.arange(3) <= np.arange(8)[:, None] % 3)
    sample = sample._replace(valid=valid)
    found, wanted = learner.learn(sample, call()), plain.learn(with_rewards(sample), call())
    np.testing.assert_allclose(found.priority, wanted.priority, rtol=1e-5, atol=1e-6)
    added = 2.0 * sample.steps.observation.numpy()[..., 0]
    np.testing.assert_allclose(found.metrics["bonus"], added[valid.numpy()].mean(), rtol=1e-5)
    assert "bonus" not in wanted.metrics


def test_returns_of_a_rollout_sum_them_too():
    parameters = {"length": 4, "epochs": 1, "minibatches": 1}
    learner, plain = built(PQN, bonus=Telling(), **parameters), built(PQN, **parameters)
    sample = random_sample(0, rows=1, length=4)
    found = learner.learn(sample, call(noise(0, 4)))
    wanted = plain.learn(with_rewards(sample), call(noise(0, 4)))
    np.testing.assert_allclose(found.metrics["loss"], wanted.metrics["loss"], rtol=1e-5)
    assert learner.bonus.learned[0][0] is sample


def test_it_sees_what_is_acted_on_while_exploring_and_hears_what_was_learned():
    learner = built(bonus=Telling())
    there = seen(np.zeros((2, 4), np.float32), 2)
    learner.act(there, (), call(noise(0, 2, 2)), explore=True)
    learner.act(there, (), call(), explore=False)
    assert learner.bonus.seen_ == [there]
    sample = random_sample(0)
    learner.learn(sample, call(update=4))
    ((told, now),) = learner.bonus.learned
    assert told.steps.reward is sample.steps.reward
    assert int(now.progress.update) == 5


def test_no_step_is_left_out_where_a_bonus_counts_it():
    there = seen(np.zeros((2, 4), np.float32), 2)
    assert built(bonus=HashCounts(bits=2)).tries(there, call(noise(0, 2, 2))) is None
    assert built(bonus=RandomNetwork()).tries(there, call(noise(0, 2, 2))) is not None


@pytest.mark.parametrize("agent", [DQN, PQN])
def test_there_is_none_by_default(agent):
    assert agent().bonus is None
