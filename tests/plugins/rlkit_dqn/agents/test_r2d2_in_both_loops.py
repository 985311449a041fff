"""R2D2 stepwise in LiteRT and in one XLA program: the same memory, the same rows, the same weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rlkit import as_gymnasium
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.loop import CompiledLoop
from rlkit.loops.compiled.making import make_compiled
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.making import make
from rlkit.worlds.world import World
from rlkit.worlds.worlds import Worlds
from rlkit_dqn import MLP, R2D2, Adam, EpsilonGreedy, HardUpdate, PrioritizedBuffer, RecurrentNetwork
from rlkit_worlds.probes.t_maze import TMaze

SEED, STEPS = 2, 300
MAZE = TMaze(length=3, episode_limit=9)
AGENT = R2D2(
    batch_size=4,
    length=3,
    burn_in=2,
    n_step=2,
    update_every=3,
    network=RecurrentNetwork(cell="gru", size=4, encoder=MLP(hidden=())),
    optimizer=Adam(learning_rate=0.01),
    buffer=PrioritizedBuffer(capacity=200),
    exploration=EpsilonGreedy(start=1.0, end=0.2, decay=0.9),
    target_update=HardUpdate(every=10),
)


def stepwise() -> Any:
    made = make(AGENT, AGENT.buffer, MAZE.spaces(), SEED, verify=lambda again: None)
    assert made.acting.backend.name == "litert"
    world = World(as_gymnasium(MAZE), made.spaces, seed=SEED, stream="environment", steps_per_episode=None)
    return outcome(StepwiseLoop(made, Worlds([world]), Limits(steps=STEPS), metrics_interval=1), made)


def compiled() -> Any:
    made = make_compiled(AGENT, AGENT.buffer, MAZE, MAZE.spaces(), SEED, verify=lambda again: None)
    return outcome(CompiledLoop(made, Limits(steps=STEPS), environment="TMaze-v0", metrics_interval=1), made)


def outcome(loop: Any, made: Any) -> Any:
    lengths = [episode.length for episode in loop.train()]
    weights = {name: np.asarray(value) for name, value in made.acting.backend.read().items()}
    return lengths, weights, [row.metrics["loss"] for row in loop.metrics]


@pytest.mark.slow
def test_both_loops_arrive_at_the_same_weights() -> None:
    (lengths, weights, losses), (others, expected, reference) = compiled(), stepwise()
    assert len(losses) > 80
    assert lengths == others
    assert losses == pytest.approx(reference, rel=1e-3, abs=1e-5)
    apart = {name: float(np.max(np.abs(weights[name] - value), initial=0)) for name, value in expected.items()}
    assert max(apart.values()) <= 1e-4, apart
