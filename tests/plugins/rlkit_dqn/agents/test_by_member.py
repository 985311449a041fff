"""Agents whose head has members."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

import rlkit_dqn as parts
from rlkit import Array, Discrete, ParameterError, Spaces
from rlkit_dqn import DQN, MLP, PQN, Bootstrapped, EnsembleHead, EnsembleUCB
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call, noise, seen

K = 3
SPACES = Spaces(Array((4,), "float32"), Discrete(2))
HEAD = EnsembleHead(members=K)


def built(**parameters):
    keras.utils.set_random_seed(1)
    learner = DQN(**{"network": MLP(hidden=(8,)), "head": HEAD, "gamma": 0.9, **parameters}).build(SPACES)
    learner.begin(call())
    for place, weight in enumerate(learner.target.weights):  # another network than the online one
        weight.assign(weight + 0.3 * np.random.default_rng(place).normal(size=weight.shape))
    return learner


def errors(learner, sample, *, double):
    """Of each row and member, one by one."""
    steps = sample.steps
    now, following = (column.numpy()[:, 0] for column in (steps.observation, steps.next_observation))
    online, then = learner.online(now).numpy(), learner.online(following).numpy()
    target = learner.target(following).numpy()
    found = np.zeros((len(now), K))
    for row in range(len(now)):
        may = steps.next_allowed.numpy()[row, 0]
        for member in range(K):
            by = (then if double else target)[row, member]
            best = int(np.argmax(np.where(may, by, -np.inf)))
            goes_on = 0.0 if steps.terminated.numpy()[row, 0] else 0.9
            wanted = steps.reward.numpy()[row, 0] + goes_on * target[row, member, best]
            found[row, member] = wanted - online[row, member, steps.action.numpy()[row, 0]]
    return found


@pytest.mark.parametrize("double", [False, True])
def test_each_member_chooses_and_values_what_follows_itself(double):
    bootstrap = parts.DoubleBootstrap() if double else parts.MaxBootstrap()
    learner = built(bootstrap=bootstrap)
    allowed = np.random.default_rng(3).random((16, 1, 2)) < 0.7
    allowed[..., 0] |= ~allowed.any(axis=-1)
    sample = random_sample(0, rows=16, next_allowed=allowed)
    wanted = errors(learner, sample, double=double)
    assert len({tuple(row) for row in np.sign(wanted)}) > 1
    learned = learner.learn(sample, call())
    np.testing.assert_allclose(learned.metrics["loss"], (wanted**2).sum(axis=1).mean(), rtol=1e-5)
    np.testing.assert_allclose(learned.priority, np.abs(wanted).mean(axis=1), rtol=1e-4, atol=1e-6)


def test_masks_go_from_acting_to_learning():
    learner = built(head=EnsembleHead(members=K, p=0.5), exploration=Bootstrapped())
    act = learner.act(seen(np.zeros((1, 4), np.float32), 2), (), call(noise(0, K, 1)), explore=True)
    assert act.extras["members"].shape == (1, K)
    sample = random_sample(0, rows=8)
    mask = np.random.default_rng(0).integers(0, 2, (8, K)).astype(np.float32)
    wanted = (mask * errors(learner, sample, double=False) ** 2).sum(axis=1).mean()
    steps = sample.steps._replace(extras={"members": tf.constant(mask[:, None])})
    learned = learner.learn(sample._replace(steps=steps), call())
    np.testing.assert_allclose(learned.metrics["loss"], wanted, rtol=1e-5)


def test_an_exploration_of_members_is_given_them_and_greedy_acting_takes_their_mean():
    learner = built(exploration=EnsembleUCB(c=50.0))
    observation = random_sample(0, rows=64).steps.observation[:, 0]
    values = learner.online(observation).numpy()
    there = seen(observation, 2)
    found = [learner.act(there, (), call(), explore=explore).action.numpy() for explore in (True, False)]
    np.testing.assert_array_equal(found[0], (values.mean(axis=1) + 50 * values.std(axis=1)).argmax(axis=1))
    np.testing.assert_array_equal(found[1], values.mean(axis=1).argmax(axis=1))
    assert (found[0] != found[1]).any()


def test_other_explorations_are_given_the_mean():
    learner = built(exploration=parts.Greedy())
    observation = random_sample(0, rows=8).steps.observation[:, 0]
    there = seen(observation, 2)
    one, other = (learner.act(there, (), call(), explore=explore).action for explore in (True, False))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("exploration", [Bootstrapped(), EnsembleUCB()], ids=["bootstrapped", "ensemble_ucb"])
@pytest.mark.parametrize("agent", [DQN, PQN])
def test_an_exploration_of_members_without_them_is_refused(agent, exploration):
    with pytest.raises(ParameterError, match="beside the head value, which has none; allowed: an exploration of") as no:
        agent(exploration=exploration).check(SPACES)
    assert no.value.parameter == "exploration"


def test_a_bootstrap_of_the_agent_s_own_policy_is_refused():
    with pytest.raises(ParameterError, match="found sarsa, which asks what the agent does next") as no:
        DQN(head=HEAD, bootstrap=parts.Sarsa()).check(SPACES)
    assert no.value.parameter == "bootstrap"
    for bootstrap in (parts.MunchausenBootstrap(), parts.ClippedDouble(), parts.AveragedBootstrap()):
        DQN(head=HEAD, bootstrap=bootstrap).check(SPACES)


def test_pqn_refuses_members():
    with pytest.raises(ParameterError, match="and agent pqn has one for all; allowed: a head without members") as no:
        PQN(head=HEAD).check(SPACES)
    assert no.value.parameter == "head"


@pytest.mark.parametrize(
    "bootstrap", [parts.MunchausenBootstrap(), parts.ClippedDouble(), parts.AveragedBootstrap(target_networks=2)]
)
def test_members_learn_with_bootstraps_that_change_rewards_and_next_values(bootstrap):
    learned = built(bootstrap=bootstrap).learn(random_sample(0), call())
    assert np.isfinite(learned.metrics["loss"])
    assert learned.priority.shape == (64,)
