"""R2D2's learning step against loops in NumPy that ask the networks for one step at a time."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Sample, Seen, Spaces, Step, apply, component
from rlkit_dqn import (
    MLP,
    R2D2,
    SGD,
    AveragedBootstrap,
    C51Head,
    DoubleBootstrap,
    EpsilonGreedy,
    ExpectedSarsa,
    MaxBootstrap,
    MunchausenBootstrap,
    QuantileHead,
    RecurrentNetwork,
    Sarsa,
    UniformBuffer,
)
from rlkit_dqn.agents.r2d2_learner import R2D2Learner
from rlkit_dqn.agents.row_priorities import priorities
from tests.plugins.rlkit_dqn.agents.rows import ACTIONS, GAMMA, WIDTH, n_step_by_hand, rows
from tests.plugins.rlkit_dqn.words import call, noise

SPACES = Spaces(Array((WIDTH,), "float32"), Discrete(ACTIONS))
BEFORE, LENGTH, STEPS, UNITS, EPSILON = 2, 5, 3, 4, 1e-3


def built(cell="gru", previous=True, environments=1, **parameters) -> R2D2Learner:
    keras.utils.set_random_seed(1)
    small = {
        "gamma": GAMMA,
        "batch_size": 6,
        "length": LENGTH,
        "burn_in": BEFORE,
        "n_step": STEPS,
        "network": RecurrentNetwork(cell=cell, size=UNITS, encoder=MLP(hidden=(5,)), previous=previous),
        "optimizer": SGD(learning_rate=0.1),
        "buffer": UniformBuffer(capacity=100),
    }
    learner = R2D2(**{**small, **parameters}).build(SPACES._replace(environments=environments))
    learner.begin(call())
    for weight in learner.target.weights:
        weight.assign(weight + 0.1)
    return learner


def h(x):
    return np.sign(x) * (np.sqrt(abs(x) + 1) - 1) + EPSILON * x


def h_inverse(x):
    root = (np.sqrt(1 + 4 * EPSILON * (abs(x) + 1 + EPSILON)) - 1) / (2 * EPSILON)
    return np.sign(x) * (root**2 - 1)


def row_of_values(network, sample, row, *, previous=True):
    """A row alone, one step a call: by place the network's outputs there, and those at the place's next observation."""
    steps, here, after = sample.steps, {}, {}

    def step(observation, action, reward, state):
        inputs = observation[None]
        if previous:
            one_hot = np.zeros((1, ACTIONS), np.float32)
            one_hot[0, int(action)] = 1.0
            inputs = {"observation": inputs, "previous_action": one_hot, "previous_reward": tf.reshape(reward, (1,))}
        features, state = apply(network.torso, inputs, None, state)
        return network.out(features)[0].numpy().astype(np.float64), state

    places = np.flatnonzero(sample.valid[row])
    state = (steps.extras["state_000"][row, places[0]][None],)
    for place in places:
        before = steps.extras["previous_action"][row, place], steps.extras["previous_reward"][row, place]
        here[place], state = step(steps.observation[row, place], *before, state)
        came = steps.action[row, place], steps.reward[row, place]
        after[place], _ = step(steps.next_observation[row, place], *came, state)
    return here, after


def td_errors(learner, sample, *, double=True, rescale=True, previous=True):
    """By row a list of δ of its valid steps after the burn-in."""
    to_return, to_value = (h_inverse, h) if rescale else (lambda x: x, lambda x: x)
    errors = []
    for row in range(sample.valid.shape[0]):
        online, next_online = row_of_values(learner.online, sample, row, previous=previous)
        _, next_target = row_of_values(learner.target, sample, row, previous=previous)
        errors.append([])
        for place in online:
            if place < BEFORE:
                continue
            reward, discount, last = n_step_by_hand(sample, row, place, STEPS)
            best = (next_online if double else next_target)[last].argmax()
            goal = to_value(reward + discount * to_return(next_target[last][best]))
            errors[-1].append(goal - online[place][int(sample.steps.action[row, place])])
    return errors


@pytest.mark.parametrize(
    ("parameters", "by_hand"),
    [
        ({}, {}),
        ({"rescale": False}, {"rescale": False}),
        ({"bootstrap": MaxBootstrap(), "previous": False}, {"double": False, "previous": False}),
    ],
    ids=["paper", "not rescaled", "max, of the observation alone"],
)
def test_td_errors_loss_and_priorities_equal_loops_over_rows(parameters, by_hand):
    learner, sample = built(**parameters), rows(BEFORE, LENGTH, state=UNITS)
    errors = td_errors(learner, sample, **by_hand)
    learned = learner.learn(sample, call())
    surprise = [np.abs(row) for row in errors]
    expected = [0.9 * row.max() + 0.1 * row.mean() for row in surprise]
    np.testing.assert_allclose(learned.priority, expected, rtol=2e-4)
    count = sum(map(len, errors))
    squares = [float(w) * np.square(row).sum() for w, row in zip(sample.weight, errors, strict=True)]
    assert float(learned.metrics["loss"]) == pytest.approx(sum(squares) / count, rel=2e-4)
    assert float(learned.metrics["td_error"]) == pytest.approx(np.concatenate(surprise).mean(), rel=2e-4)


def watched(learner, sample):
    """What the bootstrap is shown of a sample: `Estimates`, rows by time."""
    shown, bootstrap = [], learner.bootstrap

    def backup(estimates, now):
        shown.append(estimates)
        return bootstrap.backup(estimates, now)

    learner.bootstrap = SimpleNamespace(backup=backup)
    learner.learn(sample, call())
    learner.bootstrap = bootstrap
    return shown[0]


@pytest.mark.parametrize(("cell", "burn_in"), [("gru", 2), ("lstm", 2), ("gru", 0)])
def test_learning_sees_the_values_that_acting_saw(cell, burn_in):
    """While the weights are the same: from the stored state, whether burn-in reaches the episode's beginning or not."""
    learner, rng, seen_values, steps = built(cell, burn_in=burn_in, n_step=1), np.random.default_rng(0), [], []
    learner.exploration = SimpleNamespace(
        select=lambda values, seen, now: seen_values.append(values) or tf.constant([int(rng.integers(2))])
    )
    memory, action, reward = learner.initial_memory(1), tf.constant([0]), tf.constant([0.0])
    observations = rng.normal(size=(12, 1, WIDTH)).astype(np.float32)
    for time in range(11):
        first, everything = tf.constant([time == 0]), tf.ones((1, ACTIONS), bool)
        seen = Seen(tf.constant(observations[time]), first, action, reward, everything, reward)
        chosen = learner.act(seen, memory, call(), explore=True)
        action, memory, reward = chosen.action, chosen.memory, tf.constant(rng.normal(size=1).astype(np.float32))
        no, end = tf.constant([False]), tf.constant([time == 10])
        following = tf.constant(observations[time + 1])
        steps.append(Step(seen.observation, action, reward, no, end, following, chosen.extras, everything, everything))
    whole = tf.nest.map_structure(lambda *columns: tf.stack(columns, axis=1), *steps)
    for begin in (0, 1, 3, 9):
        # The row as a ring has it: what lies before the beginning and after the end is other steps, and not valid.
        places = np.arange(begin - burn_in, begin + LENGTH)
        cut = tf.nest.map_structure(lambda column, places=places: tf.gather(column, places % 11, axis=1), whole)
        valid = tf.constant([(places >= 0) & (places < 11)])
        sample = Sample(cut, valid, tf.zeros((1,), tf.int64), tf.ones((1,)))
        count = min(LENGTH, 11 - begin)
        found = with_weights_kept(learner, sample).online[:count]
        expected = tf.concat(seen_values[begin : begin + count], 0)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def with_weights_kept(learner, sample):
    kept = [weight.numpy() for weight in learner.online.weights]
    estimates = watched(learner, sample)
    for weight, value in zip(learner.online.weights, kept, strict=True):
        weight.assign(value)
    return estimates


def test_what_is_not_valid_changes_nothing():
    outcomes = []
    for rubbish in (0, 1):
        learner = built()
        learned = learner.learn(rows(BEFORE, LENGTH, state=UNITS, rubbish=rubbish), call())
        weights = [weight.numpy() for weight in learner.online.weights]
        outcomes.append([*learned.metrics.values(), learned.priority, *weights])
    for one, other in zip(*outcomes, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("bootstrap", [Sarsa(), ExpectedSarsa(), MunchausenBootstrap(), MaxBootstrap()])
def test_that_nothing_is_allowed_where_no_step_is_valid_changes_nothing(bootstrap):
    further = "next_action" in getattr(bootstrap, "needs", ())
    outcomes, sample = [], rows(BEFORE, LENGTH + further, state=UNITS)
    nothing = sample.steps.allowed & sample.valid[:, :, None]
    for steps in (sample.steps, sample.steps._replace(allowed=nothing, next_allowed=nothing)):
        learner = built(bootstrap=bootstrap, exploration=EpsilonGreedy())
        learned = learner.learn(sample._replace(steps=steps), call())
        weights = [weight.numpy() for weight in learner.online.weights]
        outcomes.append([*learned.metrics.values(), learned.priority, *weights])
    for one, other in zip(*outcomes, strict=True):
        np.testing.assert_array_equal(one, other)


def test_no_gradient_flows_through_the_burn_in():
    """The same weights come of rows without it that begin from the state where it ends."""
    sample = rows(BEFORE, LENGTH, state=UNITS)
    sample = sample._replace(valid=tf.ones_like(sample.valid))
    learner, other = built(), built(burn_in=0)
    for network in (learner.target, other.online, other.target):
        for weight, value in zip(network.weights, learner.online.weights, strict=True):
            weight.assign(value)
    state, extras = (sample.steps.extras["state_000"][:, 0],), dict(sample.steps.extras)
    for time in range(BEFORE):
        action = tf.one_hot(extras["previous_action"][:, time], ACTIONS)
        before = {"previous_action": action, "previous_reward": extras["previous_reward"][:, time]}
        inputs = {"observation": sample.steps.observation[:, time], **before}
        _, state = apply(learner.online.torso, inputs, None, state)
    later = tf.nest.map_structure(lambda column: column[:, BEFORE:], sample.steps)
    later.extras["state_000"] = tf.tile(state[0][:, None], (1, LENGTH, 1))
    learner.learn(sample, call())
    other.learn(sample._replace(steps=later, valid=sample.valid[:, BEFORE:]), call())
    for one, another in zip(learner.online.weights, other.online.weights, strict=True):
        np.testing.assert_allclose(one, another, rtol=1e-4, atol=1e-6)


def test_sarsa_is_told_what_was_done_after_each_step_s_n():
    learner, sample = built(bootstrap=Sarsa(), exploration=EpsilonGreedy()), rows(BEFORE, LENGTH + 1, state=UNITS)
    found = watched(learner, sample).next_action.numpy().reshape(LENGTH, 6)
    for row in range(6):
        for time in range(LENGTH):
            place = BEFORE + time
            if not sample.valid[row, place]:
                continue
            # A window reaches to the end of the sequence at most; the row's further step is there for its action alone.
            after = min(n_step_by_hand(sample, row, place, STEPS)[2] + 1, BEFORE + LENGTH)
            taken = sample.valid[row, after]
            assert found[time, row] == (int(sample.steps.action[row, after]) if taken else -1), (row, time)


def test_older_target_networks_are_unrolled_as_well():
    learner = built(bootstrap=AveragedBootstrap(target_networks=2))
    for weight, value in zip(learner.further.older[0].weights, learner.online.weights, strict=True):
        weight.assign(value)
    sample = rows(BEFORE, LENGTH, state=UNITS)
    found = watched(learner, sample).next_targets[1].numpy().reshape(LENGTH, 6, ACTIONS)
    _, after = row_of_values(built().online, sample, 0)
    last = n_step_by_hand(sample, 0, BEFORE, STEPS)[2]
    np.testing.assert_allclose(found[0, 0], h_inverse(after[last]), rtol=1e-3, atol=1e-4)


def test_priorities_mix_the_greatest_and_the_mean():
    surprise = tf.constant([[1.0, 3.0], [4.0, 99.0], [1.0, 99.0]])
    valid = tf.constant([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    np.testing.assert_allclose(priorities(surprise, valid, 0.5), [0.5 * 4 + 0.5 * 2, 3.0])


def test_it_stores_what_it_acted_from():
    learner = built("lstm")
    memory = tuple(tf.constant([[value] * UNITS]) for value in (0.5, -0.5))
    yes, everything, zero = tf.constant([True]), tf.ones((1, ACTIONS), bool), tf.constant([0.0])
    seen = Seen(tf.zeros((1, WIDTH)), yes, tf.constant([0]), zero, everything, zero)
    chosen = learner.act(seen, memory, call(noise(uniforms=8, integers=8)), explore=True)
    assert sorted(chosen.extras) == ["previous_action", "previous_reward", "state_000", "state_001"]
    np.testing.assert_array_equal(chosen.extras["state_000"], memory[0])
    assert chosen.extras["previous_action"].numpy().tolist() == [-1]
    assert learner.act(seen, memory, call(), explore=False).extras == {}


def test_a_network_that_only_says_that_it_remembers_is_refused():
    @component
    class Forgetful(MLP):
        """It does not."""

        remembers = True

    with pytest.raises(ValueError, match="returned a network without `state`"):
        built(network=Forgetful())


@pytest.mark.parametrize(
    ("head", "bootstrap"),
    [(C51Head(atoms=5, low=-3.0, high=3.0), DoubleBootstrap()), (QuantileHead(quantiles=5), MunchausenBootstrap())],
    ids=["c51", "quantile"],
)
def test_distributions_are_learned_step_by_step(head, bootstrap):
    """The same costs as of the head itself, given each step alone with what its networks give there."""
    learner, sample = built(head=head, bootstrap=bootstrap), rows(BEFORE, LENGTH, state=UNITS)
    given = []
    learner.head = SimpleNamespace(
        values=head.values, losses=lambda found, now: given.append(found) or head.losses(found, now)
    )
    learned = learner.learn(sample, call())
    assert learner.rescale is False
    rewards = given[0].reward.numpy().reshape(LENGTH, 6)
    for row in range(6):
        for time in range(LENGTH):
            if sample.valid[row, BEFORE + time]:
                reward, discount, _ = n_step_by_hand(sample, row, BEFORE + time, STEPS)
                assert rewards[time, row] == pytest.approx(reward, rel=1e-5, abs=1e-6)
                assert float(given[0].discount[time * 6 + row]) == pytest.approx(discount, rel=1e-5)
    assert np.isfinite(learned.priority).all()
    assert float(learned.metrics["loss"]) > 0


def test_an_exploration_that_learns_is_told_of_each_row_s_first_step():
    learner, sample, told = built(), rows(BEFORE, LENGTH, state=UNITS), []
    learner.exploration = SimpleNamespace(learned=lambda td_error, steps, now: told.append((td_error, steps)))
    errors = td_errors(learner, sample)
    learner.learn(sample, call())
    ((found, steps),) = told
    np.testing.assert_allclose(found, [row[0] for row in errors], rtol=2e-4, atol=1e-5)
    np.testing.assert_array_equal(steps.observation, sample.steps.observation[:, BEFORE])
