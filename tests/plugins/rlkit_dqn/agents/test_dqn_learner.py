"""The learning step against independent numbers, and acting."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import rlkit_dqn as parts
from rlkit import Array, Discrete, Spaces, component
from rlkit_dqn import DQN, MLP
from tests.plugins.rlkit_dqn.agents.numpy_dqn import NumPyDQN
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import noise, progress

CARTPOLE = Spaces(Array((4,), "float32"), Discrete(2))


def built(**parameters):
    keras.utils.set_random_seed(1)
    learner = DQN(**parameters).build(CARTPOLE)
    learner.begin()
    return learner


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
    ],
    ids=["document", "double", "huber"],
)
def test_learning_steps_equal_numpy(chosen, numpy_chosen):
    learner = built(**chosen)
    expected = NumPyDQN(learner.online.get_weights())
    learn = tf.function(lambda sample, now: learner.learn(sample, None, now))
    for update in range(10):
        weight = np.random.default_rng(update).random(64).astype(np.float32)
        sample = random_sample(update, weight=weight)
        learned = learn(sample, progress(update=update))
        loss, error = expected.learn(*columns(sample), **numpy_chosen)
        np.testing.assert_allclose(learned.metrics["loss"], loss, rtol=2e-6)
        np.testing.assert_allclose(learned.metrics["td_error"], np.abs(error).mean(), rtol=2e-6)
        np.testing.assert_allclose(learned.priority, np.abs(error), rtol=1e-5, atol=1e-6)
    for ours, theirs in ((learner.online, expected.weights), (learner.target, expected.target)):
        for found, wanted in zip(ours.get_weights(), theirs, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
    slots = [variable.numpy() for variable in learner.optimizer.variables[2:]]
    for found, wanted in zip(slots[0::2], expected.mean, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-7)
    for found, wanted in zip(slots[1::2], expected.square, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-9)


def td_errors(learner, **replaced):
    return learner.learn(random_sample(0, rows=8, **replaced), None, progress()).priority.numpy()


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
    pairs = list(zip(learner.online.get_weights(), learner.target.get_weights(), strict=True))
    assert any((online != target).any() for online, target in pairs)
    tf.function(learner.begin)()
    for online, target in zip(learner.online.get_weights(), learner.target.get_weights(), strict=True):
        np.testing.assert_array_equal(online, target)


def test_metrics_are_float32_scalars():
    metrics = built().learn(random_sample(0), None, progress()).metrics
    assert set(metrics) == {"loss", "td_error", "q_value"}
    assert all(value.dtype == tf.float32 and value.shape == () for value in metrics.values())


def test_target_update_is_told_of_the_learning_step_just_taken():
    learner = built(target_update=parts.HardUpdate(every=3))
    learn = tf.function(lambda sample, now: learner.learn(sample, None, now))
    copied = []
    for update in range(6):
        learn(random_sample(update), progress(update=update))
        pairs = zip(learner.online.get_weights(), learner.target.get_weights(), strict=True)
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
    learn = tf.function(lambda sample, now: learner.learn(sample, None, now))
    losses = [float(learn(random_sample(0), progress(update=update)).metrics["loss"]) for update in range(100)]
    assert np.isfinite(losses).all()
    assert losses[-1] < 0.8 * losses[0]


def test_greedy_acting_takes_the_greatest_value():
    learner = built()
    observation = random_sample(0).steps.observation[:, 0]
    act = learner.act(observation, None, (), noise(), progress(), explore=False)
    assert act.action.dtype == tf.int32
    np.testing.assert_array_equal(act.action, learner.online(observation).numpy().argmax(1))
    assert (act.memory, act.extras) == ((), {})


def test_exploring_acting_asks_the_exploration():
    learner = built(exploration=parts.EpsilonGreedy(start=1.0, end=1.0))
    observation = tf.zeros((1000, 4))
    act = learner.act(observation, None, (), noise(0, 1000, 1000), progress(), explore=True)
    assert 400 < act.action.numpy().sum() < 600


@component
class NoisyNetwork:
    """Outputs plus 100 where noise is given."""

    def build(self, inputs, units=None):
        class Noisy(keras.layers.Dense):
            def call(self, x, noise=None):
                outputs = super().call(x)
                return outputs if noise is None else outputs + 100.0 * noise.uniform((1,))

        layer = Noisy(units)
        layer.build((None, *observation.shape))
        return layer


def test_noise_reaches_networks_that_take_it_while_exploring_and_learning_only():
    learner = built(network=NoisyNetwork(), exploration=parts.Greedy())
    seen = []
    learner.exploration = SimpleNamespace(select=lambda q_values, noise, progress: seen.append(q_values))
    observation = tf.zeros((1, 4))
    learner.act(observation, None, (), noise(0, 8), progress(), explore=True)
    assert seen[0].numpy().max() > 1
    learner.act(observation, None, (), noise(), progress(), explore=False)
    asked = noise(0, 8)
    learner.learn(random_sample(0), asked, progress())
    assert asked.layout.uniforms == 3


def test_network_that_returns_one_object_twice_is_refused():
    shared = MLP().build(tf.TensorSpec((4,)), 2)

    @component
    class Same:
        """The same layer each time."""

        def build(self, inputs, units=None):
            return shared

    with pytest.raises(ValueError, match=r"Same.build returned the same weights twice"):
        DQN(network=Same()).build(CARTPOLE)
