"""Agents whose bootstrap asks for several networks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import rlkit_dqn as parts
from rlkit import Array, Call, Discrete, ParameterError, Spaces
from rlkit_dqn import DQN
from rlkit_dqn.agents.further_networks import FurtherNetworks
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call, noise

SPACES = Spaces(Array((4,), "float32"), Discrete(2))


def built(**parameters):
    keras.utils.set_random_seed(1)
    learner = DQN(network=parts.MLP(hidden=(3,)), **parameters).build(SPACES)
    learner.begin(call())
    return learner


def weights(network):
    return np.concatenate([weight.numpy().ravel() for weight in network.weights])


def values(network, observation):
    return network(observation).numpy()


def learn(learner, updates):
    """The online weights after each learning step, those at the start first."""
    step = tf.function(lambda sample, now: learner.learn(sample, Call(noise(), now)))
    history = [weights(learner.online)]
    for update in range(updates):
        step(random_sample(update), call(update=update).progress)
        history.append(weights(learner.online))
    return history


def test_most_bootstraps_ask_for_none():
    further = built().further
    assert further.older == further.pairs == ()


@pytest.mark.parametrize(
    ("rule", "back"), [(parts.NoTargetNetwork(), [7, 6, 5]), (parts.HardUpdate(every=3), [6, 3, 0])]
)
def test_target_networks_in_a_row_are_the_last_copies(rule, back):
    learner = built(bootstrap=parts.AveragedBootstrap(target_networks=3), target_update=rule)
    history = learn(learner, 7)
    for network, update in zip((learner.target, *learner.further.older), back, strict=True):
        np.testing.assert_array_equal(weights(network), history[update])


def test_pairs_begin_apart_and_each_target_network_follows_its_own():
    learner = built(bootstrap=parts.ClippedDouble(networks=3), target_update=parts.NoTargetNetwork())
    assert len(learner.further.pairs) == 2
    begun = [weights(learner.online), *(weights(online) for online, _ in learner.further.pairs)]
    assert (begun[0] != begun[1]).any()
    assert (begun[1] != begun[2]).any()
    for online, target in learner.further.pairs:
        np.testing.assert_array_equal(weights(online), weights(target))
    learn(learner, 2)
    for (online, target), before in zip(learner.further.pairs, begun[1:], strict=True):
        assert (weights(online) != before).any()
        np.testing.assert_array_equal(weights(online), weights(target))


def test_all_online_networks_learn_the_least_of_the_targets():
    learner = built(bootstrap=parts.ClippedDouble())
    (online, target), sample = learner.further.pairs[0], random_sample(0, rows=8, terminated=np.zeros((8, 1), bool))
    steps, rows = sample.steps, np.arange(8)
    following, action = steps.next_observation[:, 0], steps.action.numpy()[:, 0]
    best = values(learner.online, following).argmax(1)
    least = np.minimum(values(learner.target, following)[rows, best], values(target, following)[rows, best])
    goal = steps.reward.numpy()[:, 0] + 0.95 * least
    errors = [goal - values(network, steps.observation[:, 0])[rows, action] for network in (learner.online, online)]
    learned = learner.learn(sample, call())
    np.testing.assert_allclose(learned.priority, np.abs(errors[0]), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(learned.metrics["loss"], sum((error**2).mean() for error in errors), rtol=1e-5)


def test_the_mean_of_the_target_networks_is_learned():
    learner = built(bootstrap=parts.AveragedBootstrap(target_networks=3))
    for shift, network in enumerate(learner.further.older, 1):
        for weight in network.weights:
            weight.assign(weight + 0.1 * shift)
    sample = random_sample(0, rows=8, terminated=np.zeros((8, 1), bool))
    steps, rows = sample.steps, np.arange(8)
    targets = [values(network, steps.next_observation[:, 0]) for network in (learner.target, *learner.further.older)]
    goal = steps.reward.numpy()[:, 0] + 0.95 * np.mean(targets, axis=0).max(axis=1)
    predicted = values(learner.online, steps.observation[:, 0])[rows, steps.action.numpy()[:, 0]]
    np.testing.assert_allclose(learner.learn(sample, call()).priority, np.abs(goal - predicted), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("count", [0, -1, 1.5])
@pytest.mark.parametrize("name", ["networks", "target_networks"])
def test_a_number_of_networks_that_makes_no_sense_is_refused(name: str, count: Any) -> None:
    with pytest.raises(ParameterError, match=f"asks for {count} {name}; allowed: a whole number, at least 1"):
        FurtherNetworks(SimpleNamespace(**{name: count}), lambda: None)
