"""The JAX peer computes what the document's DQN does. Needs JAX, which no other test does: `pip install '.[jax]'`."""

from __future__ import annotations

from pathlib import Path

import gymnasium
import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
jax = pytest.importorskip("jax")


@pytest.fixture(autouse=True)
def beside_the_benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def test_the_sample_is_that_of_floyds_algorithm() -> None:
    from jax_dqn import BATCH, distinct

    random = np.random.default_rng(0)
    sample = jax.jit(distinct)
    for stored in [64, 65, 70, 100, 1000, 50_000] * 20:
        words = random.integers(0, 2**32, BATCH, np.uint32)
        taken: list[int] = []
        for turn, word in enumerate(words):
            ceiling = stored - BATCH + turn
            drawn = int(word) * (ceiling + 1) >> 32
            taken.append(ceiling if drawn in taken else drawn)
        assert sample(words, np.int32(stored)).tolist() == taken
        assert len(set(taken)) == BATCH


def test_steps_are_cartpoles() -> None:
    from jax_dqn import physics

    cartpole = gymnasium.make("CartPole-v1").unwrapped
    random = np.random.default_rng(1)
    step = jax.jit(physics)
    for _ in range(2000):
        state = random.uniform([-2.5, -3, -0.22, -3], [2.5, 3, 0.22, 3])
        cartpole.reset()
        cartpole.state = state
        action = int(random.integers(2))
        after, _, terminated, _, _ = cartpole.step(action)
        got, ended = step(state.astype(np.float32), action)
        np.testing.assert_allclose(got, after, atol=1e-6)
        if min(abs(abs(after[0]) - 2.4), abs(abs(after[2]) - 12 * 2 * np.pi / 360)) > 1e-6:
            assert bool(ended) == terminated


def test_a_learning_step_is_kerass_adam_and_the_soft_update() -> None:
    from jax_dqn import begin, learn

    random = np.random.default_rng(2)
    learner = begin(0).learner
    rows = random.normal(size=(64, 11)).astype(np.float32)
    rows[:, 8], rows[:, 10] = random.integers(0, 2, 64), random.integers(0, 2, 64)

    def q(parameters, x):
        hidden = np.maximum(x @ parameters[:256].reshape(4, 64) + parameters[256:320], 0)
        return hidden @ parameters[320:448].reshape(2, 64).T + parameters[448:]

    online = np.asarray(learner.online, np.float64)
    goal = rows[:, 9] + 0.95 * (1 - rows[:, 10]) * q(online, rows[:, 4:8]).max(-1)

    def loss(parameters):
        return np.mean((goal - q(parameters, rows[:, :4])[np.arange(64), rows[:, 8].astype(int)]) ** 2)

    places = random.choice(450, 60, replace=False)
    small = 1e-6 * np.eye(450)[places]
    gradient = np.array([(loss(online + each) - loss(online - each)) / 2e-6 for each in small])
    after = learn(learner, rows)
    # Adam's first step is the learning rate in the gradient's direction: g / (|g| + ε·√(1 - β₂)⁻¹).
    expected = online[places] - 0.001 * gradient / (np.abs(gradient) + 1e-7 / np.sqrt(1 - 0.999))
    np.testing.assert_allclose(np.asarray(after.online)[places], expected, atol=2e-6)
    target = 0.99 * np.asarray(learner.target) + 0.01 * np.asarray(after.online)
    np.testing.assert_allclose(after.target, target, atol=1e-7)


def test_it_reports_what_the_baseline_reports() -> None:
    from jax_dqn import train

    report = train(3, 3000)
    assert {"seed", "import_s", "compile_s", "steps", "episodes", "steps_per_s", "solved"} <= set(report)
    assert 3000 <= report["steps"] < 3500
    assert report["steps_per_s"] > 0
