"""From one experiment file, by `--set` alone: parts are swapped, run on the real environment, and learn."""

import numpy as np
import pytest

import rlkit
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.making import make
from rlkit.replay.of_experiment import buffer_of
from rlkit.worlds.worlds import Worlds
from tests.unverified import unverified

COMBINATIONS = [
    ["exploration=greedy", "target_update=none", "loss=huber"],
    [
        "bootstrap=double",
        "network={name: mlp, hidden: [32, 32], activation: tanh}",
        "optimizer={name: rmsprop, learning_rate: 0.001}",
        "buffer.capacity=200",
        "exploration={name: boltzmann, temperature: 0.5}",
        "target_update={name: hard, every: 20}",
    ],
    [
        "network={name: mlp, hidden: [], activation: relu}",
        "target_update={name: soft, tau: 0.1}",
        "optimizer={name: sgd, learning_rate: 0.01, momentum: 0.9, clip_norm: 1.0}",
        "stop=[]",
        "loss={name: huber, threshold: 0.5}",
        "exploration.schedule={name: linear, start: 1.0, end: 0.05, over: 300, by: step}",
    ],
    pytest.param(
        [
            "optimizer={name: adam, learning_rate: {name: linear, start: 0.01, end: 0.001, over: 500, by: update}}",
            "stop=[{name: max_steps, steps: 300}, {name: mean_return, threshold: 480}]",
            "agent.update_every=1",
        ],
        marks=pytest.mark.slow,
    ),
    pytest.param(
        [
            "network={name: mlp, hidden: [64], activation: silu, layer_norm: true}",
            "optimizer={name: adamw, learning_rate: 0.002, clip_value: 0.5}",
            "stop={name: no_improvement, patience: 5, window: 5}",
            "agent.batch_size=32",
            "agent.gamma=0.99",
        ],
        marks=pytest.mark.slow,
    ),
    # XLA, which takes longest to compile: tests/programs/keeping/test_kept.py has a run of such a network.
    pytest.param(
        ["network={name: mlp, hidden: [16], activation: elu}", "exploration={name: boltzmann}"], marks=pytest.mark.slow
    ),
]


@pytest.mark.parametrize("overrides", COMBINATIONS, ids=" ".join)
def test_swapped_parts_run_and_learn(overrides):
    experiment = rlkit.load("cartpole_dqn", [*overrides, "limits.steps=400"])
    prepared = make(experiment.agent, buffer_of(experiment), experiment.spaces, experiment.seed, verify=unverified)
    loop = StepwiseLoop(prepared, Worlds.of(experiment), experiment.limits, metrics_interval=1)
    list(loop.train())
    assert loop.progress.step == 400
    assert loop.progress.update > 50
    assert all(np.isfinite(list(logged.metrics.values())).all() for logged in loop.metrics)
    losses = losses_on_one_batch(prepared, updates=300)
    assert np.isfinite(losses).all()
    assert losses[-1] < 0.8 * losses[0]


def losses_on_one_batch(prepared, updates):
    """The loss at each learning step on one random batch, the target network put back after each."""
    rng, size, backend = np.random.default_rng(0), prepared.storage.sampling.size, prepared.acting.backend
    given = {
        "observation": rng.normal(size=(size, 1, 4)).astype(np.float32),
        "action": rng.integers(0, 2, (size, 1)).astype(np.int32),
        "reward": np.ones((size, 1), np.float32),
        "terminated": rng.random((size, 1)) < 0.1,
        "truncated": np.zeros((size, 1), bool),
        "next_observation": rng.normal(size=(size, 1, 4)).astype(np.float32),
    }
    columns = [given[name] for name in prepared.shapes.columns]
    rest = (np.ones((size, 1), bool), np.zeros(size, np.int64), np.ones(size, np.float32))
    frozen = {name: value for name, value in backend.read().items() if name.startswith("learner.target.")}
    learn, losses = backend.function("learn"), []
    for update in range(updates):
        metrics, _ = learn(*columns, *rest, np.array((400, 20, 100 + update, 0), np.int64))
        losses.append(metrics[prepared.shapes.metrics.index("loss")])
        backend.write({**backend.read(), **frozen})
    return losses
