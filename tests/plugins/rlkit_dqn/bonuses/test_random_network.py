from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Spaces
from rlkit_dqn import MLP, Adam, RandomNetwork, RecurrentNetwork
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call

SPACES = Spaces(Array((4,), "float32"), Discrete(2))


def bonus(**parameters):
    keras.utils.set_random_seed(1)
    small = {"network": MLP(hidden=(8,)), "outputs": 3, "optimizer": Adam(learning_rate=0.01)}
    return RandomNetwork(**{**small, **parameters}).build(SPACES)


def outputs(network, rows):
    kernel, bias, last, last_bias = (weight.numpy() for weight in network.weights)
    return np.maximum(rows @ kernel + bias, 0) @ last + last_bias


def errors(part, rows):
    """By plain NumPy, from observations as they came."""
    mean, variance = part.observations.mean.numpy(), part.observations.variance.numpy()
    read = np.clip((rows - mean) / np.sqrt(variance + 1e-8), -5, 5)
    return ((outputs(part.predictor, read) - outputs(part.fixed, read)) ** 2).mean(axis=-1)


def test_it_is_the_error_divided_by_its_deviation():
    part = bonus(scale=2.0)
    sample = random_sample(0, rows=8, length=3)
    for _ in range(3):
        part.learn(random_sample(1, rows=64), call())
    deviation = np.sqrt(part.errors.variance.numpy())
    wanted = 2.0 * errors(part, sample.steps.next_observation.numpy()) / deviation
    np.testing.assert_allclose(part.value(sample, call()), wanted, rtol=1e-4, atol=1e-5)


def test_statistics_are_those_of_the_sample():
    part = bonus()
    sample = random_sample(0, rows=64)
    rows = sample.steps.next_observation.numpy()[:, 0]
    part.learn(sample, call())
    np.testing.assert_allclose(part.observations.mean, rows.mean(axis=0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(part.observations.variance, rows.var(axis=0), rtol=1e-4)


def test_what_was_learned_from_is_foretold_and_the_rest_is_not():
    part = bonus()
    known = random_sample(0, rows=32)
    strange = random_sample(1, rows=32, next_observation=np.full((32, 1, 4), -9.0, np.float32))
    learn = tf.function(lambda: part.learn(known, call()))
    fixed = [weight.numpy() for weight in part.fixed.weights]
    before = errors(part, known.steps.next_observation.numpy()).mean()
    for _ in range(200):
        learn()
    after, far = (errors(part, given.steps.next_observation.numpy()).mean() for given in (known, strange))
    assert after < 0.1 * before
    assert far > 5 * after
    for weight, begun in zip(part.fixed.weights, fixed, strict=True):
        np.testing.assert_array_equal(weight, begun)


def test_steps_that_are_not_valid_teach_nothing():
    parts = [bonus(), bonus()]
    sample = random_sample(0, rows=8, length=2)
    valid = np.ones((8, 2), bool)
    valid[:, 1] = np.arange(8) % 2
    other = np.where(valid[..., None], sample.steps.next_observation, 77.0)
    for part, following in zip(parts, (sample.steps.next_observation, other), strict=True):
        steps = sample.steps._replace(next_observation=tf.constant(following))
        part.learn(sample._replace(steps=steps, valid=tf.constant(valid)), call())
    for one, two in zip(parts[0].predictor.weights, parts[1].predictor.weights, strict=True):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(parts[0].observations.mean, parts[1].observations.mean)


def test_a_network_that_carries_a_state_is_refused():
    with pytest.raises(ValueError, match="bonus random_network reads single observations, and recurrent"):
        RandomNetwork(network=RecurrentNetwork()).build(SPACES)
