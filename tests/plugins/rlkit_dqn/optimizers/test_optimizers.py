"""Each optimiser against its equation in NumPy, over a few steps of known gradients."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import ParameterError, component
from rlkit_dqn import SGD, Adam, AdamW, Linear, RMSprop

START = (np.array([[0.5, -1.0], [2.0, 0.1]]), np.array([0.3, -0.2]))
GRADIENTS = [tuple(np.random.default_rng(step).normal(size=part.shape) for part in START) for step in range(6)]


def stepped(optimizer):
    """The weights after all gradients."""
    variables = [tf.Variable(part.astype(np.float32)) for part in START]
    built = optimizer.build()
    built.build(variables)
    apply = tf.function(lambda gradients: built.apply_gradients(zip(gradients, variables, strict=True)))
    for gradients in GRADIENTS:
        apply([tf.constant(part, tf.float32) for part in gradients])
    return [variable.numpy() for variable in variables]


def expected(rule, adapt=lambda gradients: gradients):
    """The same by `rule(weight, gradient, memory, number of the step from 1)`."""
    weights, memories = [part.copy() for part in START], [{}, {}]
    for step, gradients in enumerate(GRADIENTS, start=1):
        for i, gradient in enumerate(adapt(gradients)):
            weights[i] = rule(weights[i], gradient, memories[i], step)
    return weights


def descend(rate):
    return lambda weight, gradient, memory, step: weight - rate(step) * gradient


def adam(rate, decay=0.0):
    def rule(weight, gradient, memory, step):
        memory["m"] = 0.9 * memory.get("m", 0) + 0.1 * gradient
        memory["v"] = 0.999 * memory.get("v", 0) + 0.001 * gradient**2
        corrected = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        share = decay(step) if callable(decay) else decay
        return weight * (1 - rate * share) - corrected * memory["m"] / (np.sqrt(memory["v"]) + 1e-7)

    return rule


def momentum(weight, gradient, memory, step):
    memory["v"] = 0.9 * memory.get("v", 0) - 0.01 * gradient
    return weight + memory["v"]


def nesterov(weight, gradient, memory, step):
    memory["v"] = 0.9 * memory.get("v", 0) - 0.01 * gradient
    return weight + 0.9 * memory["v"] - 0.01 * gradient


def rmsprop(weight, gradient, memory, step):
    memory["v"] = 0.9 * memory.get("v", 0) + 0.1 * gradient**2
    return weight - 0.001 * gradient / np.sqrt(memory["v"] + 1e-7)


def centered(weight, gradient, memory, step):
    memory["v"] = 0.95 * memory.get("v", 0) + 0.05 * gradient**2
    memory["m"] = 0.95 * memory.get("m", 0) + 0.05 * gradient
    memory["s"] = 0.95 * memory.get("s", 0) + 0.00025 * gradient / np.sqrt(memory["v"] - memory["m"] ** 2 + 0.01)
    return weight - memory["s"]


def to_norm_one(gradients):
    norm = np.sqrt(sum((part**2).sum() for part in gradients))
    return [part / max(1.0, norm) for part in gradients]


def to_half(gradients):
    return [np.clip(part, -0.5, 0.5) for part in gradients]


LINEAR = Linear(start=0.1, end=0.02, over=4, by="update")
CASES = {
    "sgd": (SGD(), expected(descend(lambda step: 0.01))),
    "sgd with momentum": (SGD(momentum=0.9), expected(momentum)),
    "sgd with Nesterov momentum": (SGD(momentum=0.9, nesterov=True), expected(nesterov)),
    "sgd by schedule": (SGD(learning_rate=LINEAR), expected(descend(lambda step: 0.1 - 0.02 * min(step - 1, 4)))),
    "sgd, norm clipped": (SGD(clip_norm=1.0), expected(descend(lambda step: 0.01), to_norm_one)),
    "sgd, values clipped": (SGD(clip_value=0.5), expected(descend(lambda step: 0.01), to_half)),
    "adam": (Adam(), expected(adam(0.001))),
    "adamw": (AdamW(weight_decay=0.1), expected(adam(0.001, 0.1))),
    "adamw, decay by schedule": (
        AdamW(weight_decay=LINEAR),
        expected(adam(0.001, lambda step: 0.1 - 0.02 * min(step - 1, 4))),
    ),
    "rmsprop": (RMSprop(), expected(rmsprop)),
    "rmsprop, centred, with momentum": (
        RMSprop(learning_rate=0.00025, rho=0.95, momentum=0.95, epsilon=0.01, centered=True),
        expected(centered),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_weights_follow_the_equation(case):
    optimizer, weights = CASES[case]
    for found, wanted in zip(stepped(optimizer), weights, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=2e-6, atol=2e-7)


@pytest.mark.parametrize("optimizer", [Adam, AdamW, RMSprop, SGD])
def test_one_clipping_at_a_time(optimizer):
    with pytest.raises(ParameterError, match="cannot be given beside clip_norm"):
        optimizer(clip_norm=1.0, clip_value=1.0)


@pytest.mark.parametrize("optimizer", [Adam, AdamW, RMSprop, SGD])
@pytest.mark.parametrize("parameter", ["learning_rate", "clip_norm", "clip_value"])
def test_rates_and_clippings_are_above_zero(optimizer, parameter):
    with pytest.raises(ParameterError) as refused:
        optimizer(**{parameter: 0.0})
    assert refused.value.parameter == parameter


def test_a_schedule_of_a_plugin_without_a_clock_counts_updates():
    @component
    class Halving:
        """Halved at each update."""

        def value(self, progress):
            return 0.1 * 0.5 ** tf.cast(progress.update, tf.float32)

    weights = stepped(SGD(learning_rate=Halving()))
    wanted = expected(descend(lambda step: 0.1 * 0.5 ** (step - 1)))
    np.testing.assert_allclose(weights[0], wanted[0], rtol=1e-6)
