"""One learning step, from given weights and a given batch, against the same in plain NumPy, in every backend."""

import numpy as np
import pytest

from rlkit import Array, Discrete, Spaces
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.learner_program import learner_program
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.networks.mlp import MLP

SPACES = Spaces(Array((4,), "float32"), Discrete(2))
GAMMA, TAU, RATE, BETA_1, BETA_2, EPSILON = 0.95, 0.01, 0.001, 0.9, 0.999, 1e-7  # Keras's Adam for the last three
BATCH, STEPS = 64, 20


def forward(weights, observation):
    kernel, bias, kernel_2, bias_2 = weights
    hidden = np.maximum(observation @ kernel + bias, 0.0)
    return hidden, hidden @ kernel_2 + bias_2


class NumPyDQN:
    """The document's learning step in float64, gradient by hand."""

    def __init__(self, weights):
        self.online = [weight.astype(np.float64) for weight in weights]
        self.target = [weight.copy() for weight in self.online]
        self.mean = [np.zeros_like(weight) for weight in self.online]
        self.square = [np.zeros_like(weight) for weight in self.online]
        self.updates = 0

    def learn(self, observation, action, reward, next_observation, terminated):
        rows = np.arange(len(action))
        goal = reward + (1.0 - terminated) * GAMMA * forward(self.target, next_observation)[1].max(axis=1)
        hidden, q_values = forward(self.online, observation)
        td_error = goal - q_values[rows, action]
        d_q = np.zeros_like(q_values)
        d_q[rows, action] = -2.0 * td_error / len(action)
        d_hidden = (d_q @ self.online[2].T) * (hidden > 0)
        gradients = [observation.T @ d_hidden, d_hidden.sum(axis=0), hidden.T @ d_q, d_q.sum(axis=0)]
        self.updates += 1
        for weight, gradient, mean, square in zip(self.online, gradients, self.mean, self.square, strict=True):
            mean += (1 - BETA_1) * (gradient - mean)
            square += (1 - BETA_2) * (gradient**2 - square)
            rate = RATE * np.sqrt(1 - BETA_2**self.updates) / (1 - BETA_1**self.updates)
            weight -= rate * mean / (np.sqrt(square) + EPSILON)
        for target, weight in zip(self.target, self.online, strict=True):
            target[...] = TAU * weight + (1 - TAU) * target
        return np.mean(td_error**2), np.abs(td_error)


def backend_of(kind, program):
    reference = TensorFlowBackend(program, "graph")
    if kind == "litert":
        return LiteRTBackend(convert(program), program, reference.used)
    return reference if kind == "graph" else TensorFlowBackend(program, kind)


@pytest.mark.parametrize("kind", ["litert", "xla", "graph", "eager"])
def test_learning_equals_numpy(kind):
    agent = DQN(network=MLP(hidden=(64,)), gamma=GAMMA)
    learner = agent.build(SPACES)
    shapes = learner_program(learner, SPACES, agent.sampling)
    rng = np.random.default_rng(1)
    backend = backend_of(kind, shapes.program)
    start = {
        name: (0.3 * rng.normal(size=value.shape)).astype(np.float32) if "online" in name else value
        for name, value in backend.read().items()
    }
    backend.write(start)
    backend.function("begin")(np.zeros(4, np.int64))
    online = [name for name in start if "online" in name]
    target = [name for name in start if "target" in name]
    assert len(online) == len(target) == 4
    reference = NumPyDQN([start[name] for name in online])
    for update in range(STEPS):
        observation, next_observation = (rng.normal(size=(BATCH, 4)).astype(np.float32) for _ in range(2))
        action = rng.integers(0, 2, BATCH).astype(np.int32)
        reward, terminated = rng.normal(size=BATCH).astype(np.float32), rng.random(BATCH) < 0.2
        given = {
            "observation": observation[:, None],
            "action": action[:, None],
            "reward": reward[:, None],
            "terminated": terminated[:, None],
            "truncated": (rng.random(BATCH) < 0.5)[:, None],  # changes nothing: a truncated step bootstraps
            "next_observation": next_observation[:, None],
        }
        metrics, priority = backend.function("learn")(
            *(given[name] for name in shapes.columns),
            np.ones((BATCH, 1), bool),
            np.zeros(BATCH, np.int64),
            np.ones(BATCH, np.float32),
            np.array((4 * update, 0, update, 0), np.int64),
        )
        loss, td_error = reference.learn(observation, action, reward, next_observation, terminated)
        assert metrics[shapes.metrics.index("loss")] == pytest.approx(loss, rel=1e-5)
        assert priority == pytest.approx(td_error, rel=1e-4, abs=2e-6)
    values = backend.read()
    for name, expected in zip(online + target, reference.online + reference.target, strict=True):
        assert values[name] == pytest.approx(expected, abs=2e-6), name
