"""Both loops, with the same noise and the same initial weights, arrive at the same weights."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Call, Seen, Spaces, Tensor, as_gymnasium, component
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.loop import CompiledLoop
from rlkit.loops.compiled.making import make_compiled
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.making import make
from rlkit.replay.rollout import RolloutBuffer
from rlkit.worlds.world import World
from rlkit.worlds.worlds import Worlds
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.agents.pqn import PQN
from rlkit_dqn.bonuses.hash_counts import HashCounts
from rlkit_dqn.bonuses.random_network import RandomNetwork
from rlkit_dqn.bootstraps.soft import SoftBootstrap
from rlkit_dqn.buffers.prioritized import PrioritizedBuffer
from rlkit_dqn.buffers.rank_prioritized import RankPrioritizedBuffer
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.explorations.boltzmann import Boltzmann
from rlkit_dqn.explorations.bootstrapped import Bootstrapped
from rlkit_dqn.explorations.epsilon_greedy import EpsilonGreedy
from rlkit_dqn.explorations.ez_greedy import EZGreedy
from rlkit_dqn.explorations.greedy import Greedy
from rlkit_dqn.heads.ensemble import EnsembleHead
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.returns.tree_backup import TreeBackupReturns
from rlkit_dqn.target_updates.hard import HardUpdate
from rlkit_dqn.target_updates.none import NoTargetNetwork
from rlkit_dqn.target_updates.soft import SoftUpdate
from rlkit_worlds.classic_control.cartpole import CartPole
from tests.unverified import unverified

SEED, STEPS = 2, 1_000
CAPACITY = 600
"""Less than the steps, so that the ring wraps."""


@component
class Scripted:
    """Asks another policy, and follows it at one step in seven; at the others it pushes as the noise says."""

    policy: Any = None

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        asked = self.policy.select(values, seen, call)
        each = (values.shape[0],)
        pushed = tf.cast(call.noise.integers(each, 2), tf.int32)
        return tf.where(call.noise.uniform(each) < 1 / 7, asked, pushed)


@component
class ScriptedMembers(Scripted):
    """The same of a policy that compares members."""

    of_members = True

    def build(self, spaces: Spaces) -> Any:
        # Not a component: a working part that the core finds by this attribute.
        made = SimpleNamespace(policy=self.policy.build(spaces), of_members=True)
        made.select = lambda values, seen, call: Scripted.select(made, values, seen, call)
        return made


@component
class Forgetting:
    """A buffer that remembers: the newest of a random few rows, and what surprised it."""

    capacity: int = CAPACITY

    def build(self, storage: Any) -> Any:
        from tests.loops.compiled.remembering import Remembering

        return Remembering(storage)


def agent_with(**parts: Any) -> DQN:
    return DQN(**{"buffer": UniformBuffer(capacity=CAPACITY), **parts})


def stepwise(agent: Any, count: int = 1) -> tuple[list[tuple[int, float]], dict[str, np.ndarray], list[float]]:
    spaces = CartPole().spaces()._replace(environments=count)
    prepared = make(agent, buffer_of(agent, count), spaces, SEED, verify=unverified)
    assert prepared.acting.backend.name == "litert"
    seeds = {"seed": SEED, "stream": "environment", "steps_per_episode": None}
    worlds = [World(as_gymnasium(CartPole()), prepared.spaces, **seeds, index=index) for index in range(count)]
    loop = StepwiseLoop(prepared, Worlds(worlds), Limits(steps=STEPS), metrics_interval=1)
    return outcome(loop, prepared)


def compiled(agent: Any, count: int = 1) -> tuple[list[tuple[int, float]], dict[str, np.ndarray], list[float]]:
    spaces = CartPole().spaces()._replace(environments=count)
    prepared = make_compiled(agent, buffer_of(agent, count), CartPole(), spaces, SEED, verify=unverified)
    loop = CompiledLoop(prepared, Limits(steps=STEPS), environment="CartPole-v1", metrics_interval=1)
    return outcome(loop, prepared)


def buffer_of(agent: Any, count: int) -> Any:
    return RolloutBuffer(agent.length * count) if isinstance(agent, PQN) else agent.buffer


def outcome(loop: Any, prepared: Any) -> tuple[list[tuple[int, float]], dict[str, np.ndarray], list[float]]:
    episodes = [(episode.length, episode.reports.get("epsilon", 0.0)) for episode in loop.train()]
    assert STEPS <= loop.progress.step < STEPS + prepared.spaces.environments
    weights = {name: np.asarray(value) for name, value in prepared.acting.backend.read().items()}
    return episodes, weights, [row.metrics["loss"] for row in loop.metrics]


@pytest.mark.parametrize(
    "parts",
    [
        # tests/loops/test_masks.py compares the rows of such an agent, which follow from its weights.
        pytest.param({"exploration": EpsilonGreedy()}, marks=pytest.mark.slow),
        pytest.param({"exploration": EZGreedy(end=0.5), "target_update": SoftUpdate(tau=0.05)}, marks=pytest.mark.slow),
        pytest.param(
            {"exploration": Scripted(policy=Boltzmann(temperature=0.5)), "target_update": NoTargetNetwork()},
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {"exploration": Scripted(policy=Greedy()), "target_update": HardUpdate(every=20)}, marks=pytest.mark.slow
        ),
        pytest.param(
            {"exploration": Scripted(policy=EpsilonGreedy(decay=0.9)), "buffer": Forgetting()}, marks=pytest.mark.slow
        ),
        {"exploration": Scripted(policy=EpsilonGreedy(decay=0.9)), "buffer": PrioritizedBuffer(capacity=CAPACITY)},
        pytest.param(
            {
                "head": EnsembleHead(members=3, prior_scale=1.0, p=0.5),
                "exploration": ScriptedMembers(policy=Bootstrapped()),
                "bonus": HashCounts(scale=0.1, bits=6),
            },
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {
                "exploration": Scripted(policy=EpsilonGreedy(decay=0.9)),
                "buffer": RankPrioritizedBuffer(capacity=CAPACITY),
            },
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {
                "n_step": 3,
                "exploration": Scripted(policy=EpsilonGreedy(decay=0.9)),
                "bonus": RandomNetwork(scale=0.1, network=MLP(hidden=(8,)), outputs=4),
            },
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {
                "exploration": Scripted(policy=EpsilonGreedy(decay=0.9)),
                "bootstrap": SoftBootstrap(),
                "returns": TreeBackupReturns(),
                "n_step": 4,
            },
            marks=pytest.mark.slow,
        ),
    ],
    ids=[
        "epsilon_greedy soft",
        "ez_greedy soft",
        "boltzmann none",
        "greedy hard",
        "remembering",
        "mass",
        "bootstrapped with counts",
        "rank",
        "random network",
        "trace",
    ],
)
def test_both_loops_arrive_at_the_same_weights(parts: dict[str, Any]) -> None:
    assert_equal(compiled(agent_with(**parts)), stepwise(agent_with(**parts)), updates=200)


@pytest.mark.parametrize(
    ("agent", "count"),
    [
        (
            DQN(
                n_step=3,
                buffer=PrioritizedBuffer(capacity=CAPACITY),
                exploration=Scripted(policy=EpsilonGreedy(decay=0.9)),
            ),
            3,
        ),
        pytest.param(
            PQN(
                length=8,
                minibatches=2,
                network=MLP(hidden=(16,), layer_norm=True),
                exploration=Scripted(policy=EpsilonGreedy(decay=0.9)),
            ),
            5,
            marks=pytest.mark.slow,
        ),
    ],
    ids=["dqn of 3", "pqn of 5"],
)
def test_both_loops_arrive_at_the_same_weights_in_several_environments(agent: Any, count: int) -> None:
    assert_equal(compiled(agent, count), stepwise(agent, count), updates=STEPS // 8 // count)


Outcome = tuple[list[tuple[int, float]], dict[str, np.ndarray], list[float]]


def assert_equal(found: Outcome, expected_outcome: Outcome, *, updates: int) -> None:
    (episodes, weights, losses), (others, expected, reference) = found, expected_outcome
    assert len(losses) >= updates
    assert [length for length, _ in episodes] == [length for length, _ in others]
    assert [epsilon for _, epsilon in episodes] == pytest.approx([epsilon for _, epsilon in others], abs=1e-6)
    assert losses == pytest.approx(reference, rel=1e-3, abs=1e-5)
    apart = {name: float(np.max(np.abs(weights[name] - value), initial=0)) for name, value in expected.items()}
    assert max(apart.values()) <= 1e-4, apart
