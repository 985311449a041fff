"""Both loops, with the same noise and the same initial weights, arrive at the same weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Call, Seen, Tensor, as_gymnasium, component
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.loop import CompiledLoop
from rlkit.loops.compiled.making import make_compiled
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.making import make
from rlkit.worlds.world import World
from rlkit.worlds.worlds import Worlds
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.buffers.prioritized import PrioritizedBuffer
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.explorations.boltzmann import Boltzmann
from rlkit_dqn.explorations.epsilon_greedy import EpsilonGreedy
from rlkit_dqn.explorations.ez_greedy import EZGreedy
from rlkit_dqn.explorations.greedy import Greedy
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
        pushed = tf.cast(call.noise.integers((1,), 2), tf.int32)
        return tf.where(call.noise.uniform((1,)) < 1 / 7, asked, pushed)


@component
class Forgetting:
    """A buffer that remembers: the newest of a random few rows, and what surprised it."""

    capacity: int = CAPACITY

    def build(self, storage: Any) -> Any:
        from tests.loops.compiled.remembering import Remembering

        return Remembering(storage)


def agent_with(**parts: Any) -> DQN:
    return DQN(**{"buffer": UniformBuffer(capacity=CAPACITY), **parts})


def stepwise(agent: DQN) -> tuple[list[tuple[int, float]], dict[str, np.ndarray], list[float]]:
    prepared = make(agent, agent.buffer, CartPole().spaces(), SEED, verify=unverified)
    assert prepared.acting.backend.name == "litert"
    world = World(as_gymnasium(CartPole()), prepared.spaces, seed=SEED, stream="environment", steps_per_episode=None)
    loop = StepwiseLoop(prepared, Worlds([world]), Limits(steps=STEPS), metrics_interval=1)
    return outcome(loop, prepared)


def compiled(agent: DQN) -> tuple[list[tuple[int, float]], dict[str, np.ndarray], list[float]]:
    prepared = make_compiled(agent, agent.buffer, CartPole(), CartPole().spaces(), SEED, verify=unverified)
    loop = CompiledLoop(prepared, Limits(steps=STEPS), environment="CartPole-v1", metrics_interval=1)
    return outcome(loop, prepared)


def outcome(loop: Any, prepared: Any) -> tuple[list[tuple[int, float]], dict[str, np.ndarray], list[float]]:
    episodes = [(episode.length, episode.reports.get("epsilon", 0.0)) for episode in loop.train()]
    assert loop.progress.step == STEPS
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
    ],
    ids=["epsilon_greedy soft", "ez_greedy soft", "boltzmann none", "greedy hard", "remembering", "prioritized"],
)
def test_both_loops_arrive_at_the_same_weights(parts: dict[str, Any]) -> None:
    (episodes, weights, losses), (others, expected, reference) = (
        compiled(agent_with(**parts)),
        stepwise(agent_with(**parts)),
    )
    assert len(losses) > 200
    assert [length for length, _ in episodes] == [length for length, _ in others]
    assert [epsilon for _, epsilon in episodes] == pytest.approx([epsilon for _, epsilon in others], abs=1e-6)
    assert losses == pytest.approx(reference, rel=1e-3, abs=1e-5)
    apart = {name: float(np.max(np.abs(weights[name] - value), initial=0)) for name, value in expected.items()}
    assert max(apart.values()) <= 1e-4, apart
