"""Noisy layers against the equations of Fortunato et al. (2018)."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import kstest

from rlkit import Array, Discrete, Spaces, component
from rlkit.programs.state import variables_of
from rlkit.programs.weights.initial_weights import draw
from rlkit.programs.weights.weight_plan import weight_plan
from rlkit_dqn import DQN, MLP, DenseLayer, NoisyLayer, UniformBuffer, ValueHead
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.layers.noisy_dense import factor, minus_log_of_rest
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call, noise

CARTPOLE = Spaces(Array((4,), "float32"), Discrete(2))
INPUTS, UNITS = 3, 4


def factors(uniforms):
    """f(ε) of normal numbers by Box and Muller's formula, from the first half and the second half of the uniforms."""
    radius, angle = np.split(uniforms.astype(np.float64), 2)
    normal = np.sqrt(-2 * np.log1p(-radius)) * np.sin(np.pi * (angle - 0.5))
    return np.sign(normal) * np.sqrt(np.abs(normal))


def test_outputs_equal_numpy():
    layer = NoisyLayer().build(INPUTS, UNITS, "noisy")
    rng = np.random.default_rng(0)
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.get_weights()])
    kernel, kernel_sigma, bias, bias_sigma = layer.get_weights()
    x = rng.normal(size=(5, INPUTS)).astype(np.float32)
    drawn = np.float32(np.random.default_rng(7).integers(0, 2**24, 2 * (INPUTS + UNITS)) * 2.0**-24)
    of_inputs, of_units = factors(drawn[: 2 * INPUTS]), factors(drawn[2 * INPUTS :])
    expected = np.zeros((5, UNITS))
    for row in range(5):
        for unit in range(UNITS):
            expected[row, unit] = bias[unit] + bias_sigma[unit] * of_units[unit]
            for place in range(INPUTS):
                weight = kernel[place, unit] + kernel_sigma[place, unit] * of_inputs[place] * of_units[unit]
                expected[row, unit] += x[row, place] * weight
    found = layer(x, noise=noise(7, uniforms=drawn.size))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_without_noise_the_means_act():
    layer = NoisyLayer().build(INPUTS, UNITS, "noisy")
    kernel, _, bias, _ = layer.get_weights()
    x = np.ones((2, INPUTS), np.float32)
    np.testing.assert_allclose(layer(x), x @ kernel + bias, rtol=1e-5)


def test_one_draw_serves_all_rows_and_each_call_draws_anew():
    network, source = MLP(layer=NoisyLayer()).build(tf.TensorSpec((INPUTS,)), UNITS), noise(uniforms=1000)
    x = np.ones((6, INPUTS), np.float32)
    first, second = network(x, noise=source).numpy(), network(x, noise=source).numpy()
    np.testing.assert_allclose(first, np.tile(first[:1], (6, 1)), rtol=1e-6)
    assert (np.abs(first - second) > 1e-4).any()


def test_weights_begin_as_in_the_paper():
    """Section 3.2: means uniform within ±1/√p, deviations 0.5/√p."""
    layer = NoisyLayer().build(100, 50, "noisy")
    values = draw(weight_plan(layer, variables_of(layer, "layer")), 0)
    means = {value.ndim: value for name, value in values.items() if name.endswith((".kernel", ".bias"))}
    for value in means.values():
        assert np.abs(value).max() <= 0.1
    assert abs(means[2].std() - 0.1 / np.sqrt(3)) < 0.001
    sigmas = [value for name, value in values.items() if name.endswith("_sigma")]
    assert len(sigmas) == 2
    for value in sigmas:
        np.testing.assert_allclose(value, 0.05, rtol=1e-6)


def test_factors_are_roots_of_normal_numbers():
    drawn = factor(noise(uniforms=20_000), (10_000,)).numpy()
    assert kstest(np.sign(drawn) * drawn**2, "norm").pvalue > 0.01


def test_logarithm_has_seven_digits_however_small():
    u = np.float32(np.concatenate([np.arange(1, 2000) * 2.0**-24, np.linspace(0.001, 0.99999, 2000)]))
    np.testing.assert_allclose(minus_log_of_rest(tf.constant(u)), -np.log1p(-np.float64(u)), rtol=5e-7)


SEEN = []


@component
class Watching:
    """A bootstrap that keeps what it sees."""

    def backup(self, estimates, call):
        SEEN.append(estimates)
        return Backup(tf.one_hot(tf.argmax(estimates.next_target, -1), estimates.next_target.shape[-1]))


@pytest.mark.parametrize(("layer", "same"), [(DenseLayer(), True), (NoisyLayer(), False)], ids=["dense", "noisy"])
def test_online_and_target_network_have_noise_of_their_own(layer, same):
    agent = DQN(
        network=MLP(hidden=(8,), layer=layer),
        head=ValueHead(layer=layer),
        bootstrap=Watching(),
        batch_size=4,
        buffer=UniformBuffer(capacity=10),
    )
    learner = agent.build(CARTPOLE)
    learner.begin(call())
    SEEN.clear()
    learner.learn(random_sample(0, rows=4), call(noise(uniforms=1000)))
    (estimates,) = SEEN
    assert np.allclose(estimates.online, estimates.target, atol=1e-5) == same
    assert np.allclose(estimates.next_online, estimates.next_target, atol=1e-5) == same
