"""Q(λ) over recorded windows, beside loops over their steps."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

import rlkit_dqn as parts
from rlkit import Array, Discrete, Spaces
from rlkit_dqn import DQN
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call

GAMMA, ROWS, LENGTH, ACTIONS, TEMPERATURE = 0.9, 12, 4, 3, 0.5
SPACES = Spaces(Array((4,), "float32"), Discrete(ACTIONS))


def windows(length=LENGTH):
    """Rows of so many steps, some shorter, some of which end in a termination, and some in a truncation."""
    rng = np.random.default_rng(0)
    lengths = np.array([length, length, length, 3, 3, 2, 2, 1, 1, 4, 3, 2])
    at_last = np.arange(length) == lengths[:, None] - 1
    terminated = at_last & (np.arange(ROWS) % 3 == 0)[:, None]
    next_allowed = rng.random((ROWS, length, ACTIONS)) < 0.7
    next_allowed[..., 0] |= ~next_allowed.any(axis=-1)
    sample = random_sample(
        1,
        rows=ROWS,
        actions=ACTIONS,
        length=length,
        terminated=terminated,
        truncated=at_last & ~terminated & (np.arange(ROWS) % 2 == 0)[:, None],
        next_allowed=next_allowed,
    )
    # What lies beyond a window's end is not stored, and must not count whatever it is.
    valid = np.arange(length) < lengths[:, None]
    reward = np.where(valid, sample.steps.reward.numpy(), np.nan).astype(np.float32)
    return sample._replace(valid=tf.constant(valid), steps=sample.steps._replace(reward=tf.constant(reward)))


def built(**parameters):
    keras.utils.set_random_seed(1)
    learner = DQN(gamma=GAMMA, n_step=LENGTH, **parameters).build(SPACES)
    learner.begin(call())
    for weight in learner.target.weights:
        weight.assign(weight + 0.1 * tf.reshape(tf.cos(tf.range(tf.size(weight), dtype=tf.float32)), weight.shape))
    return learner


def policy_of(values, allowed, soft):
    """And what is added to each value."""
    if not soft:
        return np.eye(ACTIONS)[np.where(allowed, values, -np.inf).argmax()], np.zeros(ACTIONS)
    shares = np.where(allowed, np.exp((values - values[allowed].max()) / TEMPERATURE), 0.0)
    policy = shares / shares.sum()
    return policy, np.where(allowed, -TEMPERATURE * np.log(np.where(allowed, policy, 1.0)), 0.0)


def by_hand(learner, sample, name, trace_decay, *, soft):
    """From a window's last step backwards, as each method's authors have it."""
    steps = sample.steps
    values = learner.target(tf.reshape(steps.next_observation, (-1, 4))).numpy().reshape(ROWS, -1, ACTIONS)
    online = learner.online(steps.observation[:, 0]).numpy()
    errors = []
    for row in range(ROWS):
        goal = 0.0
        last = int(sample.valid.numpy()[row].sum()) - 1
        for time in reversed(range(last + 1)):
            here = values[row, time].astype(np.float64)
            policy, bonus = policy_of(here, steps.next_allowed.numpy()[row, time], soft)
            following = float((policy * (here + bonus)).sum())
            if time < last:
                action = int(steps.action.numpy()[row, time + 1])
                if name == "peng":
                    following = (1 - trace_decay) * following + trace_decay * goal
                elif name == "watkins":
                    cut = 0.0 if policy[action] < policy.max() else trace_decay
                    following += cut * (goal - here[action])
                else:
                    following += trace_decay * policy[action] * (goal - here[action])
            goes_on = 0.0 if steps.terminated.numpy()[row, time] else 1.0
            goal = float(steps.reward.numpy()[row, time]) + GAMMA * goes_on * following
        errors.append(abs(goal - online[row, int(steps.action.numpy()[row, 0])]))
    return errors


@pytest.mark.parametrize("soft", [False, True], ids=["max", "soft"])
@pytest.mark.parametrize("trace_decay", [0.0, 0.7, 1.0])
@pytest.mark.parametrize(
    ("name", "part"),
    [("peng", parts.PengReturns), ("watkins", parts.WatkinsReturns), ("tree_backup", parts.TreeBackupReturns)],
)
def test_targets_are_those_of_the_definitions(name, part, trace_decay, soft):
    bootstrap = parts.SoftBootstrap(temperature=TEMPERATURE) if soft else parts.MaxBootstrap()
    learner = built(bootstrap=bootstrap, returns=part(trace_decay=trace_decay))
    sample = windows()
    expected = by_hand(learner, sample, name, trace_decay, soft=soft)
    np.testing.assert_allclose(learner.learn(sample, call()).priority, expected, rtol=1e-4, atol=1e-5)


def finite(sample):
    """With rewards of 0 beyond a window's end: `n_step` multiplies them by 0."""
    reward = tf.where(sample.valid, sample.steps.reward, 0.0)
    return sample._replace(steps=sample.steps._replace(reward=reward))


def test_peng_s_with_the_decay_1_is_the_n_step_return():
    sample = finite(windows())
    found = [
        built(returns=part).learn(sample, call()).priority
        for part in (parts.NStepReturns(), parts.PengReturns(trace_decay=1.0))
    ]
    np.testing.assert_allclose(*found, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("part", [parts.PengReturns, parts.WatkinsReturns, parts.TreeBackupReturns])
def test_with_the_decay_0_a_target_is_the_one_step_s(part):
    sample = windows()
    first = tf.nest.map_structure(lambda column: column[:, :1], sample.steps)
    one_step = DQN(gamma=GAMMA).build(SPACES)
    learner = built(returns=part(trace_decay=0.0))
    for ours, theirs in zip(one_step.online.weights, learner.online.weights, strict=True):
        ours.assign(theirs)
    for ours, theirs in zip(one_step.target.weights, learner.target.weights, strict=True):
        ours.assign(theirs)
    expected = one_step.learn(sample._replace(steps=first, valid=sample.valid[:, :1]), call()).priority
    np.testing.assert_allclose(learner.learn(sample, call()).priority, expected, rtol=1e-4, atol=1e-5)


def test_sarsa_with_a_trace_follows_the_actions_that_were_taken():
    learner = built(bootstrap=parts.Sarsa(), returns=parts.TreeBackupReturns(trace_decay=1.0))
    sample = windows(LENGTH + 1)
    everything = tf.ones_like(sample.steps.next_allowed)
    sample = sample._replace(steps=sample.steps._replace(next_allowed=everything))
    steps, expected = sample.steps, []
    for row in range(ROWS):
        last = min(LENGTH, int(sample.valid.numpy()[row].sum())) - 1
        after = steps.next_observation[row : row + 1, last]
        values = learner.target(after).numpy()[0]
        # Where nothing is stored after the window: the exploration's mean, which at step 0 tries any action.
        stored = bool(sample.valid.numpy()[row].sum() > last + 1)
        value = values[int(steps.action.numpy()[row, last + 1])] if stored else values.mean()
        goal = 0.0 if steps.terminated.numpy()[row, last] else GAMMA ** (last + 1) * value
        goal += sum(GAMMA**time * float(steps.reward.numpy()[row, time]) for time in range(last + 1))
        predicted = learner.online(steps.observation[row : row + 1, 0]).numpy()[0]
        expected.append(abs(goal - predicted[int(steps.action.numpy()[row, 0])]))
    np.testing.assert_allclose(learner.learn(sample, call()).priority, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "bootstrap",
    [
        parts.AveragedBootstrap(target_networks=2),
        parts.ClippedDouble(),
        parts.DoubleBootstrap(),
        parts.ExpectedSarsa(),
        parts.MunchausenBootstrap(),
    ],
    ids=lambda part: type(part).__name__,
)
def test_every_bootstrap_serves(bootstrap):
    learner = built(bootstrap=bootstrap, returns=parts.WatkinsReturns(), head=parts.ValueHead(dueling=True))
    assert np.isfinite(learner.learn(windows(), call()).priority).all()
