"""The learning step against independent numbers, and acting."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import rlkit_dqn as parts
from rlkit import Array, Call, Discrete, ParameterError, Spaces, component
from rlkit_dqn import DQN, MLP
from tests.plugins.rlkit_dqn.agents.numpy_dqn import NumPyDQN
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call, noise, seen

CARTPOLE = Spaces(Array((4,), "float32"), Discrete(2))


def built(**parameters):
    keras.utils.set_random_seed(1)
    learner = DQN(**parameters).build(CARTPOLE)
    learner.begin(call())
    return learner


def values_of(network):
    return [weight.numpy() for weight in network.weights]


def columns(sample):
    steps = sample.steps
    names = ("observation", "action", "reward", "terminated", "next_observation")
    return [getattr(steps, name).numpy()[:, 0] for name in names] + [sample.weight.numpy()]


@pytest.mark.parametrize(
    ("chosen", "numpy_chosen"),
    [
        ({}, {}),
        ({"bootstrap": parts.DoubleBootstrap()}, {"double": True}),
        ({"loss": parts.Huber(threshold=0.5)}, {"huber": 0.5}),
        ({"regularizer": parts.ConservativeQ(alpha=0.7)}, {"cql": 0.7}),
    ],
    ids=["document", "double", "huber", "cql"],
)
def test_learning_steps_equal_numpy(chosen, numpy_chosen):
    learner = built(**chosen)
    expected = NumPyDQN(values_of(learner.online))
    learn = tf.function(lambda sample, now: learner.learn(sample, Call(noise(), now)))
    for update in range(10):
        weight = np.random.default_rng(update).random(64).astype(np.float32)
        sample = random_sample(update, weight=weight)
        learned = learn(sample, call(update=update).progress)
        loss, error = expected.learn(*columns(sample), **numpy_chosen)
        np.testing.assert_allclose(learned.metrics["loss"], loss, rtol=2e-6)
        np.testing.assert_allclose(learned.metrics["td_error"], np.abs(error).mean(), rtol=2e-6)
        np.testing.assert_allclose(learned.priority, np.abs(error), rtol=1e-5, atol=1e-6)
    for ours, theirs in ((learner.online, expected.weights), (learner.target, expected.target)):
        for found, wanted in zip(values_of(ours), theirs, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
    slots = [variable.numpy() for variable in learner.optimizer.variables[2:]]
    for found, wanted in zip(slots[0::2], expected.mean, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-7)
    for found, wanted in zip(slots[1::2], expected.square, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-9)


def td_errors(learner, **replaced):
    return learner.learn(random_sample(0, rows=8, **replaced), call()).priority.numpy()


def test_terminated_step_takes_the_reward_alone():
    over = np.ones((8, 1), bool)
    sample = random_sample(0, rows=8, terminated=over, truncated=~over)
    learner = built()
    values = learner.online(sample.steps.observation[:, 0]).numpy()
    predicted = values[np.arange(8), sample.steps.action.numpy()[:, 0]]
    expected = np.abs(sample.steps.reward.numpy()[:, 0] - predicted)
    np.testing.assert_allclose(td_errors(learner, terminated=over, truncated=~over), expected, rtol=1e-5, atol=1e-6)


def test_truncated_step_still_bootstraps():
    no, yes = np.zeros((8, 1), bool), np.ones((8, 1), bool)
    truncated = td_errors(built(), terminated=no, truncated=yes)
    np.testing.assert_array_equal(truncated, td_errors(built(), terminated=no, truncated=no))
    assert (truncated != td_errors(built(), terminated=yes, truncated=no)).all()


def test_target_network_starts_with_the_online_weights():
    learner = DQN().build(CARTPOLE)
    pairs = list(zip(values_of(learner.online), values_of(learner.target), strict=True))
    assert any((online != target).any() for online, target in pairs)
    tf.function(lambda: learner.begin(call()))()
    for online, target in zip(values_of(learner.online), values_of(learner.target), strict=True):
        np.testing.assert_array_equal(online, target)


def test_metrics_are_float32_scalars():
    metrics = built().learn(random_sample(0), call()).metrics
    assert set(metrics) == {"loss", "td_error", "q_value"}
    assert all(value.dtype == tf.float32 and value.shape == () for value in metrics.values())


@pytest.mark.parametrize("head", [parts.ValueHead(), parts.C51Head(atoms=5)], ids=["value", "c51"])
def test_a_regularizer_costs_the_values_of_any_head(head):
    learner = built(head=head, regularizer=parts.BehaviorCloning(weight=100.0), bootstrap=parts.ClippedDouble())
    learn = tf.function(lambda sample: learner.learn(sample, call()).metrics)
    sample = random_sample(0)
    costs = [float(learn(sample)["regularizer"]) for _ in range(30)]
    assert costs[-1] < 0.97 * costs[0]
    values = learner.head.values(learner.online(sample.steps.observation[:, 0]))
    chosen = tf.gather(tf.nn.log_softmax(values), sample.steps.action[:, 0], batch_dims=1)
    other = learner.head.values(learner.further.learning[0](sample.steps.observation[:, 0]))
    beside = tf.gather(tf.nn.log_softmax(other), sample.steps.action[:, 0], batch_dims=1)
    expected = -100 * float(tf.reduce_mean(chosen + beside))  # of both networks that learn
    np.testing.assert_allclose(learn(sample)["regularizer"], expected, rtol=1e-4)


def test_target_update_is_told_of_the_learning_step_just_taken():
    learner = built(target_update=parts.HardUpdate(every=3))
    learn = tf.function(lambda sample, now: learner.learn(sample, Call(noise(), now)))
    copied = []
    for update in range(6):
        learn(random_sample(update), call(update=update).progress)
        pairs = zip(values_of(learner.online), values_of(learner.target), strict=True)
        copied.append(all((online == target).all() for online, target in pairs))
    assert copied == [False, False, True, False, False, True]


@component
class Frozen:
    """A target network that stays."""

    def update(self, target, online, call):
        pass


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"network": MLP(hidden=(32, 32), activation="tanh"), "bootstrap": parts.DoubleBootstrap()},
        {"network": MLP(layer_norm=True, activation="silu"), "loss": parts.Huber()},
        {"network": MLP(activation="elu"), "optimizer": parts.RMSprop()},
        {"network": MLP(activation="gelu"), "optimizer": parts.AdamW(clip_norm=1.0)},
        {"network": MLP(activation="leaky_relu"), "optimizer": parts.SGD(momentum=0.9, clip_value=1.0)},
        {"optimizer": parts.Adam(learning_rate=parts.Linear(start=0.01, end=0.001, over=50, by="update"))},
    ],
    ids=lambda chosen: "-".join(chosen) or "document",
)
def test_loss_falls_on_one_batch_while_the_target_is_frozen(chosen):
    learner = built(target_update=Frozen(), **chosen)
    learn = tf.function(lambda sample, now: learner.learn(sample, Call(noise(), now)))
    losses = [float(learn(random_sample(0), call(update=update).progress).metrics["loss"]) for update in range(100)]
    assert np.isfinite(losses).all()
    assert losses[-1] < 0.8 * losses[0]


def test_greedy_acting_takes_the_greatest_value():
    learner = built()
    observation = random_sample(0).steps.observation[:, 0]
    act = learner.act(seen(observation, 2), (), call(), explore=False)
    assert act.action.dtype == tf.int32
    np.testing.assert_array_equal(act.action, learner.online(observation).numpy().argmax(1))
    assert (act.memory, act.extras) == ((), {})


def test_exploring_acting_asks_the_exploration():
    learner = built(exploration=parts.EpsilonGreedy(start=1.0, end=1.0))
    observation = tf.zeros((1000, 4))
    act = learner.act(seen(observation, 2), (), call(noise(0, 1000, 1000)), explore=True)
    assert 400 < act.action.numpy().sum() < 600


@component
class NoisyNetwork:
    """Features plus 100 where noise is given."""

    def build(self, inputs, units=None):
        class Noisy(keras.layers.Dense):
            def call(self, x, noise=None):
                outputs = super().call(x)
                return outputs if noise is None else outputs + 100.0 * noise.uniform((1,))

        layer = Noisy(units or 3)
        layer.build((None, *inputs.shape))
        return layer


def test_noise_reaches_networks_that_take_it_while_exploring_and_learning_only():
    learner = built(network=NoisyNetwork(), exploration=parts.Greedy())
    told = []
    learner.exploration = SimpleNamespace(select=lambda values, seen, call: told.append(values))
    here = seen(tf.zeros((1, 4)), 2)
    learner.act(here, (), call(noise(0, 8)), explore=True)
    assert np.abs(told[0].numpy()).max() > 1
    learner.act(here, (), call(), explore=False)
    asked = noise(0, 8)
    learner.learn(random_sample(0), call(asked))
    assert asked.layout.uniforms == 4


def test_network_that_returns_one_object_twice_is_refused():
    shared = MLP().build(tf.TensorSpec((4,)))

    @component
    class Same:
        """The same layer each time."""

        def build(self, inputs, units=None):
            return shared

    with pytest.raises(ValueError, match=r"Same.build or ValueHead.build returned the same weights twice"):
        DQN(network=Same()).build(CARTPOLE)


def test_an_exploration_that_asks_hears_what_was_learned():
    learner, heard = built(), []
    learner.exploration = SimpleNamespace(learned=lambda td_error, steps, call: heard.append((td_error, steps, call)))
    sample = random_sample(0)
    learned = learner.learn(sample, call(update=5))
    ((td_error, steps, told),) = heard
    np.testing.assert_array_equal(np.abs(td_error), learned.priority)
    np.testing.assert_array_equal(steps.observation, sample.steps.observation[:, 0])
    assert int(told.progress.update) == 6


def test_forbidden_actions_are_neither_taken_nor_bootstrapped_from():
    learner = built()
    sample = random_sample(0, rows=8, terminated=np.zeros((8, 1), bool))
    following = sample.steps.next_observation[:, 0]
    best = learner.target(following).numpy().argmax(1)
    allowed = np.ones((8, 1, 2), bool)
    allowed[np.arange(8), 0, best] = False
    act = learner.act(seen(following, 2, allowed[:, 0]), (), call(), explore=False)
    np.testing.assert_array_equal(act.action, 1 - best)
    values = learner.target(following).numpy()[np.arange(8), 1 - best]
    predicted = learner.online(sample.steps.observation[:, 0]).numpy()
    taken = predicted[np.arange(8), sample.steps.action.numpy()[:, 0]]
    masked_sample = sample._replace(steps=sample.steps._replace(next_allowed=tf.constant(allowed)))
    expected = np.abs(sample.steps.reward.numpy()[:, 0] + 0.95 * values - taken)
    np.testing.assert_allclose(learner.learn(masked_sample, call()).priority, expected, rtol=1e-5, atol=1e-6)


def test_n_steps_are_summed_before_bootstrapping():
    rng, rows = np.random.default_rng(0), 6
    terminated, truncated = np.zeros((2, rows, 3), bool)
    terminated[1, 1], truncated[2, 0] = True, True
    sample = random_sample(
        0,
        rows=rows,
        observation=rng.normal(size=(rows, 3, 4)).astype(np.float32),
        action=rng.integers(0, 2, (rows, 3)).astype(np.int32),
        reward=rng.normal(size=(rows, 3)).astype(np.float32),
        terminated=terminated,
        truncated=truncated,
        next_observation=rng.normal(size=(rows, 3, 4)).astype(np.float32),
        allowed=np.ones((rows, 3, 2), bool),
        next_allowed=np.ones((rows, 3, 2), bool),
    )
    lengths = np.array([3, 2, 1, 3, 3, 2])
    sample = sample._replace(valid=tf.constant(np.arange(3) < lengths[:, None]))
    learner = built(n_step=3)
    expected = []
    for row, length in enumerate(lengths):
        reward = sum(0.95**k * sample.steps.reward.numpy()[row, k] for k in range(length))
        value = learner.target(sample.steps.next_observation[row : row + 1, length - 1]).numpy().max()
        goal = reward + (0.0 if terminated[row, length - 1] else 0.95**length * value)
        predicted = learner.online(sample.steps.observation[row : row + 1, 0]).numpy()
        expected.append(abs(goal - predicted[0, sample.steps.action.numpy()[row, 0]]))
    np.testing.assert_allclose(learner.learn(sample, call()).priority, expected, rtol=1e-5, atol=1e-6)


def test_network_that_remembers_is_refused():
    class Remembering(keras.layers.Dense):
        def initial_state(self, rows):
            return tf.zeros((rows, 1))

        def call(self, x, state):
            return super().call(x), state + 1.0

    @component
    class Recurrent:
        """Counts its calls."""

        def build(self, inputs, units=None):
            layer = Remembering(3)
            layer.build((None, *inputs.shape))
            return layer

    with pytest.raises(ValueError, match="learns from single steps, and Recurrent carries a state from step to step"):
        DQN(network=Recurrent()).build(CARTPOLE)


def test_the_exploring_policy_is_that_of_the_next_observation_and_the_online_network():
    learner = built(bootstrap=parts.ExpectedSarsa(), exploration=parts.Boltzmann(temperature=0.3))
    for weight in learner.target.weights:
        weight.assign(weight + 0.1)
    sample = random_sample(0, rows=8, terminated=np.zeros((8, 1), bool))
    following = sample.steps.next_observation[:, 0]
    weights = np.exp(learner.online(following).numpy() / 0.3)
    mean = (weights / weights.sum(axis=1, keepdims=True) * learner.target(following).numpy()).sum(axis=1)
    predicted = learner.online(sample.steps.observation[:, 0]).numpy()
    taken = predicted[np.arange(8), sample.steps.action.numpy()[:, 0]]
    expected = np.abs(sample.steps.reward.numpy()[:, 0] + 0.95 * mean - taken)
    np.testing.assert_allclose(learner.learn(sample, call()).priority, expected, rtol=1e-5, atol=1e-6)


def test_the_discount_may_be_a_schedule():
    schedule = parts.Linear(start=0.5, end=0.9, over=10, by="update")
    for update, gamma in ((0, 0.5), (10, 0.9)):
        moving, still = built(gamma=schedule), built(gamma=gamma)
        found = moving.learn(random_sample(0, rows=8), call(update=update)).priority
        np.testing.assert_allclose(found, td_errors(still), rtol=1e-5, atol=1e-6)


@component
class Unsaid:
    """Has a working part without probabilities, which shows only once it is built."""

    def build(self, spaces):
        return SimpleNamespace(select=lambda values, seen, call: tf.zeros(values.shape[:1], tf.int32))


def test_an_exploration_that_turns_out_to_have_no_probabilities_is_refused():
    agent = DQN(bootstrap=parts.ExpectedSarsa(), exploration=Unsaid())
    agent.check(CARTPOLE)
    with pytest.raises(ParameterError, match=r"Unsaid has no method `probabilities`; boltzmann, .* have") as refused:
        agent.build(CARTPOLE)
    assert refused.value.parameter == "exploration"
